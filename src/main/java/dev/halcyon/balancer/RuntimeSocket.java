package dev.halcyon.balancer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * HAProxy's runtime socket: a connection for each question, which HAProxy closes after its answer
 * (<a href="https://docs.haproxy.org/2.6/management.html#9.3">management guide, 9.3</a>).
 *
 * @param address a path, or host and port of this machine
 */
public record RuntimeSocket(String address) {
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final Pattern HOST_AND_PORT = Pattern.compile("([^/]+):(\\d{1,5})");
  private static final Pattern LOOPBACK = Pattern.compile("(127\\.[\\d.]+|localhost):(\\d{1,5})");
  private static final int MOST_BYTES = 16 << 20;

  /** Whether it is host and port, not a path. */
  public static boolean isAddress(String text) {
    return HOST_AND_PORT.matcher(text).matches();
  }

  /**
   * Whether it is host and port of this machine. Whoever reaches HAProxy's socket may do
   * everything, so it is never looked for elsewhere.
   */
  public static boolean isLocalAddress(String text) {
    return LOOPBACK.matcher(text).matches();
  }

  /**
   * Commands in one go; HAProxy does them in this order.
   *
   * @return what it said, without blank lines around it
   * @throws BalancerException if the answer does not come; what it has done is then not known
   */
  public String ask(List<String> commands) {
    String line = String.join("; ", commands);
    try (var channel = connect();
        var selector = Selector.open()) {
      channel.configureBlocking(false);
      var exchange = new Exchange(channel, selector, System.nanoTime() + PATIENCE.toNanos());
      exchange.send(line + "\n");
      return exchange.receive().strip();
    } catch (IOException failure) {
      throw BalancerException.silent(
          "HAProxy does not answer at %s: %s (asked: %s)".formatted(address, words(failure), line),
          failure);
    }
  }

  private static String words(IOException failure) {
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }

  private SocketChannel connect() throws IOException {
    var loopback = LOOPBACK.matcher(address);
    if (!loopback.matches()) {
      return open(StandardProtocolFamily.UNIX, UnixDomainSocketAddress.of(Path.of(address)));
    }
    var host = InetAddress.getByName(loopback.group(1));
    return SocketChannel.open(new InetSocketAddress(host, Integer.parseInt(loopback.group(2))));
  }

  private static SocketChannel open(StandardProtocolFamily family, SocketAddress address)
      throws IOException {
    var channel = SocketChannel.open(family);
    try {
      channel.connect(address);
      return channel;
    } catch (IOException | RuntimeException failure) {
      channel.close();
      throw failure;
    }
  }

  /** One question and its answer, each part awaited until the deadline. */
  private record Exchange(SocketChannel channel, Selector selector, long deadline) {
    void send(String text) throws IOException {
      var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
      while (bytes.hasRemaining()) {
        await(SelectionKey.OP_WRITE);
        channel.write(bytes);
      }
    }

    String receive() throws IOException {
      var answer = new StringBuilder();
      var buffer = ByteBuffer.allocate(64 << 10);
      while (answer.length() < MOST_BYTES) {
        await(SelectionKey.OP_READ);
        if (channel.read(buffer) < 0) {
          return answer.toString();
        }
        buffer.flip();
        answer.append(StandardCharsets.ISO_8859_1.decode(buffer));
        buffer.clear();
      }
      throw new IOException("an answer of more than " + MOST_BYTES + " bytes");
    }

    private void await(int operation) throws IOException {
      channel.register(selector, operation);
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0 || selector.select(left) == 0) {
        throw new SocketTimeoutException("no answer within " + PATIENCE.toSeconds() + " s");
      }
      selector.selectedKeys().clear();
    }
  }
}
