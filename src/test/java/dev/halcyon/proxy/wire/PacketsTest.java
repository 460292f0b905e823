package dev.halcyon.proxy.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What is written is read back the same; what is no packet is refused and nothing worse. */
class PacketsTest {
  private static final UnpooledByteBufAllocator HEAP = new UnpooledByteBufAllocator(false, true);
  private static final int ROUNDS = 500;
  private static final int FUZZ = 20_000;

  /** Each reads a packet of one kind. */
  private static final List<Function<PayloadReader, Object>> DECODERS =
      List.of(
          Greeting::decode,
          reader -> LoginRequest.decode(reader, new Capabilities(Capabilities.PASSED)),
          AuthSwitch::decode,
          ErrPacket::decode,
          reader -> OkPacket.decode(reader, new Capabilities(Capabilities.PASSED)),
          reader -> OkPacket.decode(reader, new Capabilities(0)));

  @Test
  void numbersComeBack() {
    var random = new Random(1);
    for (int bits = 0; bits < 63; bits++) {
      for (long value :
          new long[] {1L << bits, (1L << bits) - 1, random.nextLong() >>> (64 - bits)}) {
        long number = Math.max(0, value);
        var reader = written(writer -> writer.lengthEncoded(number));
        assertThat(reader.lengthEncoded()).isEqualTo(number);
        assertThat(reader.remaining()).isZero();
      }
    }
  }

  @Test
  void greetingsComeBack() {
    for (int seed = 0; seed < ROUNDS; seed++) {
      var random = new Random(seed);
      var greeting =
          new Greeting(
              text(random),
              random.nextInt() & 0xffffffffL,
              bytes(random, Greeting.NONCE_LENGTH),
              capabilities(random).with(Capabilities.PLUGIN_AUTH | Capabilities.PROTOCOL_41),
              random.nextInt(256),
              random.nextInt(0x10000),
              text(random));

      assertThat(Greeting.decode(written(greeting::encode)))
          .as("seed %d", seed)
          .isEqualTo(greeting);
    }
  }

  @Test
  void loginRequestsComeBack() {
    for (int seed = 0; seed < ROUNDS; seed++) {
      var random = new Random(seed);
      var capabilities =
          capabilities(random).with(Capabilities.PROTOCOL_41 | Capabilities.SECURE_CONNECTION);
      var request =
          new LoginRequest(
              capabilities,
              random.nextInt() & 0xffffffffL,
              random.nextInt(256),
              Bytes.of(text(random).getBytes(StandardCharsets.UTF_8)),
              bytes(random, random.nextInt(40)),
              capabilities.has(Capabilities.CONNECT_WITH_SCHEMA)
                  ? Bytes.of(text(random).getBytes(StandardCharsets.UTF_8))
                  : Bytes.NONE,
              capabilities.has(Capabilities.PLUGIN_AUTH) ? text(random) : "",
              capabilities.has(Capabilities.CONNECT_ATTRIBUTES)
                  ? bytes(random, random.nextInt(400))
                  : Bytes.NONE);

      assertThat(LoginRequest.decode(written(request::encode), new Capabilities(-1)))
          .as("seed %d", seed)
          .isEqualTo(request);
    }
  }

  @Test
  void errorsAndSwitchesComeBack() {
    var error = new ErrPacket(1045, "28000", "Access denied for user 'é'");
    var early = new ErrPacket(1040, "", "Too many connections");
    var change = new AuthSwitch("caching_sha2_password", bytes(new Random(1), 20));

    assertThat(ErrPacket.decode(written(error::encode))).isEqualTo(error);
    assertThat(ErrPacket.decode(written(early::encode))).isEqualTo(early);
    assertThat(AuthSwitch.decode(written(change::encode))).isEqualTo(change);
  }

  @Test
  void sessionChangesAreRead() {
    var changes = Unpooled.buffer();
    change(changes, 0, "autocommit", "OFF");
    change(changes, 1, "shop");
    changes.writeByte(2).writeByte(1).writeByte('1');
    change(changes, 4, "START TRANSACTION;");
    change(changes, 5, "T______L");
    change(changes, 99, "?");
    var all = new byte[changes.readableBytes()];
    changes.readBytes(all);
    var capabilities = new Capabilities(Capabilities.SESSION_TRACK);

    var ok =
        OkPacket.decode(
            written(
                writer ->
                    writer
                        .int1(0)
                        .lengthEncoded(3)
                        .lengthEncoded(70_000)
                        .int2(0x4003)
                        .int2(1)
                        .lengthEncoded(0)
                        .lengthEncodedBytes(Bytes.of(all))),
            capabilities);

    assertThat(ok)
        .isEqualTo(
            new OkPacket(
                3,
                70_000,
                0x4003,
                1,
                List.of(
                    new SessionChange.Variable("autocommit", "OFF"),
                    new SessionChange.Schema("shop"),
                    new SessionChange.State(true),
                    new SessionChange.Characteristics("START TRANSACTION;"),
                    new SessionChange.Transaction("T______L"),
                    new SessionChange.Other(99))));
    assertThat(new SessionChange.Transaction("T______L").locksTables()).isTrue();
    assertThat(new SessionChange.Transaction("T_______").locksTables()).isFalse();
  }

  @Test
  void randomBytesAreRefusedOrRead() {
    for (int seed = 0; seed < FUZZ; seed++) {
      var random = new Random(seed);
      byte[] junk = bytes(random, random.nextInt(200)).toArray();
      if (junk.length > 0 && random.nextBoolean()) {
        junk[0] = 10; // else few get further into a greeting
      }
      for (var decoder : DECODERS) {
        try {
          assertThat(decoder.apply(new PayloadReader(Unpooled.wrappedBuffer(junk), 0, junk.length)))
              .isNotNull();
        } catch (MalformedPacketException expected) {
          assertThat(expected).hasMessageNotContaining("java.");
        }
      }
    }
  }

  @Test
  void everyTruncationIsRefused() {
    var greeting =
        new Greeting(
            "8.0.33",
            7,
            bytes(new Random(1), Greeting.NONCE_LENGTH),
            new Capabilities(Capabilities.PASSED),
            45,
            2,
            "mysql_native_password");
    ByteBuf whole = HEAP.buffer();
    whole.writeBytes(PayloadWriter.packet(HEAP, 0, greeting::encode));
    int length = whole.readableBytes() - PacketScanner.HEADER;

    for (int shorter = 0; shorter < length; shorter++) {
      var reader = new PayloadReader(whole, PacketScanner.HEADER, shorter);
      assertThatThrownBy(() -> Greeting.decode(reader))
          .as("%d of %d bytes", shorter, length)
          .isInstanceOf(MalformedPacketException.class);
    }
  }

  @Test
  void bytesAreNotTold() {
    assertThat(Bytes.of((byte) 115, (byte) 51)).hasToString("2 bytes");
  }

  private static void change(ByteBuf all, int type, String... texts) {
    var data = Unpooled.buffer();
    for (String text : texts) {
      data.writeByte(text.length()).writeCharSequence(text, StandardCharsets.UTF_8);
    }
    all.writeByte(type).writeByte(data.readableBytes()).writeBytes(data);
  }

  private static PayloadReader written(Consumer<PayloadWriter> payload) {
    ByteBuf packet = PayloadWriter.packet(HEAP, 3, payload);
    int length = packet.readableBytes() - PacketScanner.HEADER;
    assertThat(packet.getUnsignedMediumLE(0)).isEqualTo(length);
    assertThat(packet.getByte(3)).isEqualTo((byte) 3);
    return new PayloadReader(packet, PacketScanner.HEADER, length);
  }

  /** With MariaDB's bits only where those can be told. */
  private static Capabilities capabilities(Random random) {
    var any = new Capabilities(random.nextLong());
    return any.has(Capabilities.NOT_MARIADB) ? any.only(0xffffffffL) : any;
  }

  private static Bytes bytes(Random random, int length) {
    var bytes = new byte[length];
    random.nextBytes(bytes);
    return Bytes.of(bytes);
  }

  private static String text(Random random) {
    return random
        .ints(random.nextInt(1, 20), 'a', 'ž')
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
