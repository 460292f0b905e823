package dev.halcyon.proxy;

import dev.halcyon.proxy.wire.Bytes;
import dev.halcyon.proxy.wire.Capabilities;
import dev.halcyon.proxy.wire.Greeting;
import dev.halcyon.proxy.wire.LoginRequest;
import dev.halcyon.proxy.wire.PacketScanner;
import dev.halcyon.proxy.wire.PayloadReader;
import dev.halcyon.proxy.wire.PayloadWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A client that sends what a driver would not. */
final class RawClient implements AutoCloseable {
  static final long PLAIN =
      Capabilities.NOT_MARIADB
          | Capabilities.PROTOCOL_41
          | Capabilities.SECURE_CONNECTION
          | Capabilities.PLUGIN_AUTH
          | Capabilities.CONNECT_WITH_SCHEMA
          | Capabilities.TRANSACTIONS
          | Capabilities.MULTI_STATEMENTS
          | Capabilities.MULTI_RESULTS
          | Capabilities.PREPARED_MULTI_RESULTS;

  private static final UnpooledByteBufAllocator HEAP = new UnpooledByteBufAllocator(false, true);
  private static final int PATIENCE_MILLIS = 20_000;

  private final Socket socket;
  private final DataInputStream in;
  private final Greeting greeting;

  /** Connects and reads the greeting. */
  RawClient(InetSocketAddress address) throws IOException {
    this(address, address.getAddress());
  }

  /** The same from another address. */
  RawClient(InetSocketAddress address, InetAddress from) throws IOException {
    socket = new Socket(address.getAddress(), address.getPort(), from, 0);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(socket.getInputStream());
    greeting = Greeting.decode(reader(read()));
  }

  Greeting greeting() {
    return greeting;
  }

  /** Logs in with the old plugin; the answer is the server's OK or error. */
  byte[] login(String user, String password, String schema, long capabilities) throws IOException {
    var proof = oldProof(password, greeting.nonce().toArray());
    return login(user, schema, capabilities, "mysql_native_password", proof);
  }

  /** The same with any plugin. */
  byte[] login(String user, String schema, long capabilities, String plugin, Bytes proof)
      throws IOException {
    var request =
        new LoginRequest(
            new Capabilities(capabilities),
            1 << 24,
            45,
            Bytes.of(user.getBytes(StandardCharsets.UTF_8)),
            proof,
            Bytes.of(schema.getBytes(StandardCharsets.UTF_8)),
            plugin,
            Bytes.NONE);
    send(1, request::encode);
    return read();
  }

  void send(int sequence, Consumer<PayloadWriter> payload) throws IOException {
    ByteBuf packet = PayloadWriter.packet(HEAP, sequence, payload);
    var bytes = new byte[packet.readableBytes()];
    packet.readBytes(bytes);
    send(bytes);
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  /** The other side reads an end. */
  void sendNoMore() throws IOException {
    socket.shutdownOutput();
  }

  /** Sends COM_QUERY. */
  void query(String sql) throws IOException {
    send(0, writer -> writer.int1(3).utf8(sql));
  }

  /** The next packet's payload. */
  byte[] read() throws IOException {
    var header = new byte[PacketScanner.HEADER];
    in.readFully(header);
    var payload = new byte[Unpooled.wrappedBuffer(header).getUnsignedMediumLE(0)];
    in.readFully(payload);
    return payload;
  }

  /** Reads the whole answer to a query of one statement; its last packet. */
  byte[] result(long capabilities) throws IOException {
    byte[] packet = read();
    if (packet[0] == 0 || packet[0] == (byte) 0xff) {
      return packet;
    }
    int definitions =
        packet[0] + (new Capabilities(capabilities).has(Capabilities.DEPRECATE_EOF) ? 0 : 1);
    for (int i = 0; i < definitions; i++) {
      read();
    }
    do {
      packet = read();
    } while (packet[0] != (byte) 0xfe && packet[0] != (byte) 0xff);
    return packet;
  }

  /** A query's answer byte by byte: descriptions and rows, or the affected rows, or the error. */
  List<String> answer(String sql, long capabilities) throws IOException {
    query(sql);
    var packets = new ArrayList<String>();
    byte[] packet = read();
    boolean modern = new Capabilities(capabilities).has(Capabilities.DEPRECATE_EOF);
    if (packet[0] == 0 || packet[0] == (byte) 0xff) {
      packets.add(packet[0] == 0 ? "OK " + packet[1] : text(packet));
      return packets;
    }
    for (int i = packet[0]; i > 0; i--) {
      packets.add(text(read()));
    }
    if (!modern) {
      read();
    }
    packet = read();
    while (packet[0] != (byte) 0xfe && packet[0] != (byte) 0xff) {
      packets.add(text(packet));
      packet = read();
    }
    if (packet[0] == (byte) 0xff) {
      packets.add(text(packet));
    }
    return packets;
  }

  /** Readable where it is ASCII. */
  private static String text(byte[] packet) {
    var text = new StringBuilder();
    for (byte one : packet) {
      text.append(one >= 0x20 && one < 0x7f ? "" + (char) one : "<%02x>".formatted(one));
    }
    return text.toString();
  }

  /** Whether the other side has closed, once what it has sent is read. */
  boolean closed() throws IOException {
    try {
      while (in.read() >= 0) {
        // the rest of an answer
      }
      return true;
    } catch (SocketException reset) {
      return true;
    } catch (SocketTimeoutException open) {
      return false;
    }
  }

  static PayloadReader reader(byte[] payload) {
    return new PayloadReader(Unpooled.wrappedBuffer(payload), 0, payload.length);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** As mysql_native_password wants it. */
  static Bytes oldProof(String password, byte[] nonce) {
    byte[] once = digest("SHA-1", utf8(password));
    return mixed(once, digest("SHA-1", nonce, digest("SHA-1", once)));
  }

  /** As caching_sha2_password wants it. */
  static Bytes newProof(String password, byte[] nonce) {
    byte[] once = digest("SHA-256", utf8(password));
    return mixed(once, digest("SHA-256", digest("SHA-256", once), nonce));
  }

  private static Bytes mixed(byte[] text, byte[] mask) {
    for (int i = 0; i < mask.length; i++) {
      mask[i] ^= text[i];
    }
    return Bytes.of(mask);
  }

  private static byte[] digest(String algorithm, byte[]... parts) {
    try {
      var digest = MessageDigest.getInstance(algorithm);
      for (byte[] part : parts) {
        digest.update(part);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException failure) {
      throw new IllegalStateException("Every JDK has " + algorithm, failure);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
