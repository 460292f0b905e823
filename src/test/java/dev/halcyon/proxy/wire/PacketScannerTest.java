package dev.halcyon.proxy.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Packets are followed alike however the network cuts them. */
class PacketScannerTest {
  private static final int ROUNDS = 300;

  @Test
  void anyCutTellsTheSame() {
    for (int seed = 0; seed < ROUNDS; seed++) {
      var random = new Random(seed);
      var packets = packets(random);
      var stream = stream(packets);

      var whole = new Told(random.nextInt(1, 80));
      assertThat(new PacketScanner(whole).scan(stream)).isEqualTo(stream.writerIndex());
      var cut = new Told(whole.wanted);
      scanInPieces(stream, new PacketScanner(cut), random);

      assertThat(cut.packets).as("seed %d", seed).isEqualTo(whole.packets);
      assertThat(cut.packets).as("seed %d", seed).hasSize(packets.size());
      for (int i = 0; i < packets.size(); i++) {
        byte[] payload = packets.get(i);
        int head = Math.min(payload.length, whole.wanted);
        assertThat(cut.packets.get(i))
            .as("seed %d, packet %d", seed, i)
            .isEqualTo(ends(payload, head) + " of " + payload.length);
      }
    }
  }

  @Test
  void continuedPacketIsOne() {
    var stream = Unpooled.buffer();
    for (int part = 0; part < 2; part++) {
      stream.writeMediumLE(PacketScanner.LARGEST).writeByte(part).writeZero(PacketScanner.LARGEST);
    }
    stream.writeMediumLE(0).writeByte(2);
    stream.writeMediumLE(1).writeByte(0).writeByte(14);
    var told = new Told(1);

    new PacketScanner(told).scan(stream);

    assertThat(told.packets).containsExactly("0 of " + 2 * PacketScanner.LARGEST, "14 of 1");
  }

  @Test
  void continuationWithAnotherNumberIsRefused() {
    var stream = Unpooled.buffer();
    stream.writeMediumLE(PacketScanner.LARGEST).writeByte(0).writeZero(PacketScanner.LARGEST);
    stream.writeMediumLE(1).writeByte(7).writeByte(1);

    assertThatThrownBy(() -> new PacketScanner(new Told(1)).scan(stream))
        .isInstanceOf(MalformedPacketException.class)
        .hasMessageContaining("7");
  }

  @Test
  void sinkStopsBeforeAPacket() {
    var stream = stream(List.of(new byte[] {1, 2}, new byte[] {3}));
    var told =
        new Told(1) {
          @Override
          public int begin(ByteBuf buffer, int index, int length, int sequence, int first) {
            return first == 3 ? STOP : super.begin(buffer, index, length, sequence, first);
          }
        };

    assertThat(new PacketScanner(told).scan(stream)).isEqualTo(6);
    assertThat(told.packets).containsExactly("1 of 2");
  }

  private static void scanInPieces(ByteBuf stream, PacketScanner scanner, Random random) {
    int at = 0;
    int end = 0;
    while (at < stream.writerIndex()) {
      end = Math.min(stream.writerIndex(), end + random.nextInt(1, 20));
      at = scanner.scan(stream.slice(at, end - at)) + at;
    }
  }

  private static List<byte[]> packets(Random random) {
    var packets = new ArrayList<byte[]>();
    for (int i = random.nextInt(1, 12); i > 0; i--) {
      var payload = new byte[random.nextInt(4) == 0 ? random.nextInt(300) : random.nextInt(9)];
      random.nextBytes(payload);
      packets.add(payload);
    }
    return packets;
  }

  private static ByteBuf stream(List<byte[]> packets) {
    var stream = Unpooled.buffer();
    packets.forEach(packet -> stream.writeMediumLE(packet.length).writeByte(0).writeBytes(packet));
    return stream;
  }

  private static String ends(byte[] bytes, int length) {
    return length == 0 ? "" : length == 1 ? "" + bytes[0] : bytes[0] + ".." + bytes[length - 1];
  }

  /** Writes down what it is told: first and last byte of each head, and the packet's length. */
  private static class Told implements PacketSink {
    final int wanted;
    final List<String> packets = new ArrayList<>();
    private String head = "";
    private int length;

    Told(int wanted) {
      this.wanted = wanted;
    }

    @Override
    public int begin(ByteBuf buffer, int index, int firstLength, int sequence, int first) {
      head = "";
      length = 0;
      return wanted;
    }

    @Override
    public void head(ByteBuf buffer, int index, int headLength) {
      var bytes = new byte[headLength];
      buffer.getBytes(index, bytes);
      head = ends(bytes, headLength);
    }

    @Override
    public void body(ByteBuf buffer, int index, int bodyLength) {
      length += bodyLength;
    }

    @Override
    public void end() {
      packets.add(head + " of " + length);
    }
  }
}
