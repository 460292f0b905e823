package dev.halcyon.testing;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection through a {@link Relay}. Packets: 3 bytes length (little endian), 1 byte
 * number, payload; a command begins at number 0.
 */
final class RelaySession {
  private static final int HEADER = 4;
  private static final int LARGEST = 0xffffff;
  private static final int OFFERS_TLS = 0x08; // in the second byte of the capabilities

  private final Relay relay;
  private final Socket client;
  private final Socket server;
  private volatile @Nullable RelayFault atReply;

  RelaySession(Relay relay, Socket client, Socket server) throws IOException {
    this.relay = relay;
    this.client = client;
    this.server = server;
    client.setTcpNoDelay(true);
    server.setTcpNoDelay(true);
  }

  void cut() {
    Relay.closeQuietly(client);
    Relay.closeQuietly(server);
    relay.ended(this);
  }

  void forwardRequests() {
    try {
      var input = new DataInputStream(client.getInputStream());
      var continued = false;
      while (true) {
        var packet = packet(input);
        var fault = continued || packet[3] != 0 ? null : relay.arrived(text(packet));
        continued = packet.length - HEADER == LARGEST;
        if (fault != null && strike(fault, packet)) {
          return;
        }
        if (fault == null) {
          server.getOutputStream().write(packet);
        }
      }
    } catch (IOException ending) {
      // One side has closed; the other shall see it too.
      cut();
    }
  }

  /** Whether the session is over. */
  private boolean strike(RelayFault fault, byte[] packet) throws IOException {
    switch (fault.moment()) {
      case BEFORE -> cut();
      case AFTER -> {
        server.getOutputStream().write(packet);
        cut();
      }
      case AT_REPLY -> {
        atReply = fault;
        server.getOutputStream().write(packet);
        return false;
      }
    }
    fault.finished();
    return true;
  }

  void forwardReplies() {
    try {
      var input = new DataInputStream(server.getInputStream());
      client.getOutputStream().write(withoutTls(packet(input)));
      var buffer = new byte[65_536];
      for (var length = input.read(buffer); length >= 0; length = input.read(buffer)) {
        var fault = atReply;
        if (fault != null) {
          cut();
          fault.finished();
          return;
        }
        var delay = relay.delay();
        if (delay.isPositive()) {
          Thread.sleep(delay);
        }
        if (!relay.swallowing()) {
          client.getOutputStream().write(buffer, 0, length);
        }
      }
    } catch (IOException ending) {
      // As above: closing the one side closes the other.
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
    }
    cut();
  }

  /**
   * Takes the offer of TLS out of the greeting: protocol, version ending in 0, 4 bytes connection
   * id, 8 bytes salt, 1 byte filler, capabilities.
   */
  private static byte[] withoutTls(byte[] greeting) {
    var version = HEADER + 1;
    while (version < greeting.length && greeting[version] != 0) {
      version++;
    }
    var capabilities = version + 1 + 4 + 8 + 1;
    if (greeting[HEADER] == 10 && capabilities + 1 < greeting.length) {
      greeting[capabilities + 1] &= ~OFFERS_TLS;
    }
    return greeting;
  }

  private static byte[] packet(DataInputStream input) throws IOException {
    var header = new byte[HEADER];
    input.readFully(header);
    var length = (header[0] & 0xff) | (header[1] & 0xff) << 8 | (header[2] & 0xff) << 16;
    var packet = Arrays.copyOf(header, HEADER + length);
    input.readFully(packet, HEADER, length);
    return packet;
  }

  /** What follows the byte that names the command. */
  private static String text(byte[] packet) {
    var start = Math.min(HEADER + 1, packet.length);
    return new String(packet, start, packet.length - start, StandardCharsets.UTF_8);
  }
}
