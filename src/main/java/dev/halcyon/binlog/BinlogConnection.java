package dev.halcyon.binlog;

import com.github.shyiko.mysql.binlog.network.Authenticator;
import com.github.shyiko.mysql.binlog.network.ClientCapabilities;
import com.github.shyiko.mysql.binlog.network.ServerException;
import com.github.shyiko.mysql.binlog.network.protocol.ErrorPacket;
import com.github.shyiko.mysql.binlog.network.protocol.GreetingPacket;
import com.github.shyiko.mysql.binlog.network.protocol.PacketChannel;
import com.github.shyiko.mysql.binlog.network.protocol.command.Command;
import com.github.shyiko.mysql.binlog.network.protocol.command.DumpBinaryLogCommand;
import com.github.shyiko.mysql.binlog.network.protocol.command.DumpBinaryLogGtidCommand;
import com.github.shyiko.mysql.binlog.network.protocol.command.QueryCommand;
import com.github.shyiko.mysql.binlog.network.protocol.command.SSLRequestCommand;
import dev.halcyon.model.Engine;
import dev.halcyon.mysql.ReplicationAccess;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One connection over which the server sends its log. The client library logs in and asks; the
 * events are taken as bytes, so that none is skipped because it is not understood. {@link #close}
 * may come from another thread, and ends a read.
 */
final class BinlogConnection implements AutoCloseable {
  private static final int FULL_PACKET = 0xff_ffff;
  private static final int ERROR = 0xff;
  private static final int END = 0xfe;

  /** The server sends a sign of life this often when nothing happens. */
  private static final Duration HEARTBEAT = Duration.ofSeconds(1);

  /** Without a sign of life for so long the connection is dead. */
  private static final Duration SILENCE = Duration.ofSeconds(30);

  /** How long the server waits for a reader that takes nothing, because it has enough. */
  private static final int SERVER_PATIENCE_SECONDS = 3600;

  private final Socket socket;
  private final PacketChannel channel;
  private final InputStream stream;
  private boolean checksum;

  private BinlogConnection(Socket socket, PacketChannel channel) {
    this.socket = socket;
    this.channel = channel;
    this.stream = new BufferedInputStream(channel.getInputStream(), 1 << 16);
  }

  /**
   * Connects and asks for the log.
   *
   * @throws ServerException the server says no
   * @throws IOException there is no connection
   */
  static BinlogConnection open(ReplicationAccess access, Engine engine, Position from)
      throws IOException {
    var socket = new Socket();
    try {
      var timeout = Math.toIntExact(access.connectTimeout().toMillis());
      socket.setTcpNoDelay(true);
      socket.setKeepAlive(true);
      socket.connect(new InetSocketAddress(access.host(), access.port()), timeout);
      socket.setSoTimeout(Math.toIntExact(SILENCE.toMillis()));
      var channel = new PacketChannel(socket);
      logIn(channel, access);
      var connection = new BinlogConnection(socket, channel);
      connection.ask(engine, from);
      return connection;
    } catch (IOException | RuntimeException failure) {
      socket.close();
      throw failure;
    }
  }

  private static void logIn(PacketChannel channel, ReplicationAccess access) throws IOException {
    var first = channel.read();
    check(first);
    var greeting = new GreetingPacket(first);
    var offered = (greeting.getServerCapabilities() & ClientCapabilities.SSL) != 0;
    switch (access.tls()) {
      case DISABLE -> {}
      case PREFER -> {
        if (offered) {
          secure(channel, greeting, access);
        }
      }
      case TRUST, VERIFY_CA, VERIFY_FULL -> {
        if (!offered) {
          throw new IOException("the server does not offer TLS");
        }
        secure(channel, greeting, access);
      }
    }
    new Authenticator(greeting, channel, null, access.user(), access.password()).authenticate();
    channel.authenticationComplete();
  }

  private static void secure(
      PacketChannel channel, GreetingPacket greeting, ReplicationAccess access) throws IOException {
    var request = new SSLRequestCommand();
    request.setCollation(greeting.getServerCollation());
    channel.write(request);
    channel.upgradeToSSL(new TlsSockets(access), null);
  }

  private void ask(Engine engine, Position from) throws IOException {
    // As replicas do: the server then sends checksums when it has them.
    set("@master_binlog_checksum = @@global.binlog_checksum");
    set("@master_heartbeat_period = " + HEARTBEAT.toNanos());
    set("SESSION net_write_timeout = " + SERVER_PATIENCE_SECONDS);
    if (engine == Engine.MARIADB) {
      set("@mariadb_slave_capability = 4");
    }
    // High, so that it is no server's id of the user's; two streams differ.
    var serverId = ThreadLocalRandom.current().nextLong(1L << 30, 1L << 31);
    write(request(engine, from, serverId));
  }

  private Command request(Engine engine, Position from, long serverId) throws IOException {
    return switch (from) {
      case Position.MySqlGtids gtids -> {
        require(engine == Engine.MYSQL, from);
        yield new DumpBinaryLogGtidCommand(serverId, "", 4, gtids.gtids());
      }
      case Position.MariaDbGtids gtids -> {
        require(engine == Engine.MARIADB, from);
        set("@slave_connect_state = '" + gtids.list() + "'");
        set("@slave_gtid_strict_mode = 0");
        set("@slave_gtid_ignore_duplicates = 0");
        yield new DumpBinaryLogCommand(serverId, "", 4);
      }
      case Position.FileOffset(var file, var offset) -> {
        if (offset > 0xffff_ffffL) {
          throw new UnreadableEvent(
              "the place " + offset + " in " + file + ": no server sends a log from beyond 4 GiB");
        }
        yield new DumpBinaryLogCommand(serverId, file, offset);
      }
    };
  }

  private static void require(boolean fits, Position from) {
    if (!fits) {
      throw new UnreadableEvent("a position of another kind of server: " + from.text());
    }
  }

  /**
   * Waits for the next event.
   *
   * @throws ServerException the server ends the stream with an error
   * @throws IOException the connection is lost
   */
  RawEvent read() throws IOException {
    var packet = packet();
    if (packet.length == 0 || (packet[0] & 0xff) == END) {
      throw new EOFException("the server ended the stream");
    }
    check(packet);
    var bytes = Arrays.copyOfRange(packet, 1, packet.length);
    var type = bytes[4] & 0xff;
    if (type == EventCode.FORMAT_DESCRIPTION) {
      // In front of its own checksum stands how the events after it are checked.
      var event = RawEvent.of(bytes, false);
      checksum = bytes[bytes.length - 5] == 1;
      return event;
    }
    // The first event tells the file and comes before that, checked or not as we asked.
    return RawEvent.of(bytes, type == EventCode.ROTATE ? rotateChecked(bytes) : checksum);
  }

  private boolean rotateChecked(byte[] bytes) {
    return checksum || RawEvent.checked(bytes);
  }

  private byte[] packet() throws IOException {
    var whole = new byte[0];
    while (true) {
      var head = stream.readNBytes(4);
      if (head.length < 4) {
        throw new EOFException("the connection was closed");
      }
      var length = (head[0] & 0xff) | ((head[1] & 0xff) << 8) | ((head[2] & 0xff) << 16);
      var part = stream.readNBytes(length);
      if (part.length < length) {
        throw new EOFException("the connection was closed in the middle of an event");
      }
      if (whole.length == 0 && length < FULL_PACKET) {
        return part;
      }
      var joined = Arrays.copyOf(whole, Math.addExact(whole.length, length));
      System.arraycopy(part, 0, joined, whole.length, length);
      whole = joined;
      if (length < FULL_PACKET) {
        return whole;
      }
    }
  }

  private void set(String assignment) throws IOException {
    write(new QueryCommand("SET " + assignment));
    check(channel.read());
  }

  private void write(Command command) throws IOException {
    channel.write(command);
  }

  private static void check(byte[] packet) throws IOException {
    if (packet.length > 0 && (packet[0] & 0xff) == ERROR) {
      var error = new ErrorPacket(Arrays.copyOfRange(packet, 1, packet.length));
      throw new ServerException(error.getErrorMessage(), error.getErrorCode(), error.getSqlState());
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException failure) {
      throw new IllegalStateException("the connection of the log cannot be closed", failure);
    }
  }
}
