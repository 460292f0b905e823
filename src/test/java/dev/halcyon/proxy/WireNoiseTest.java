package dev.halcyon.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.proxy.tls.TlsSettings;
import dev.halcyon.proxy.wire.Bytes;
import dev.halcyon.proxy.wire.Capabilities;
import dev.halcyon.testing.Account;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import io.netty.util.internal.PlatformDependent;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;

/**
 * Whoever is logged in and then sends what no client sends, or a server that answers what no server
 * answers: that session ends, or the server says what is wrong, and nobody else notices.
 */
class WireNoiseTest {
  private static final int ROUNDS = 60;
  private static final long MOST_MEMORY = 16L << 20;

  private static final List<Long> CLIENTS =
      List.of(
          RawClient.PLAIN | Capabilities.SESSION_TRACK,
          RawClient.PLAIN | Capabilities.SESSION_TRACK | Capabilities.DEPRECATE_EOF,
          RawClient.PLAIN | Capabilities.LOCAL_FILES);

  /** What a client does that has a statement of two parameters prepared. */
  private interface Noise {
    void send(RawClient client, long statement, Random random) throws IOException;
  }

  private static final List<Noise> NOISES =
      List.of(
          (client, _, random) -> client.send(bytes(random, 500)),
          // any command with any content
          (client, _, random) ->
              client.send(
                  0, writer -> writer.int1(random.nextInt(256)).bytes(Bytes.of(bytes(random, 90)))),
          // an execution, a fetch, a piece of data with a number that is right, and then anything
          (client, statement, random) -> {
            int command = new int[] {0x17, 0x1c, 0x18, 0x1a, 0xfa}[random.nextInt(5)];
            client.send(
                0,
                writer -> writer.int1(command).int4(statement).bytes(Bytes.of(bytes(random, 40))));
          },
          (client, statement, random) ->
              client.send(
                  0, writer -> writer.int1(0x17).int4(statement).int1(0).int4(random.nextInt(3))),
          (client, _, random) -> client.send(0, writer -> writer.int1(random.nextInt(0x20))),
          (client, _, _) -> client.send(0, _ -> {}), // no command
          (client, _, random) -> // out of turn
          client.send(1 + random.nextInt(255), writer -> writer.int1(3).utf8("DO 1")),
          (client, _, random) -> { // a long one that ends early
            client.send(new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, 0, 3});
            client.send(bytes(random, 3000));
          },
          (client, _, _) -> client.send(new byte[] {20, 0, 0, 0, 3, 'D', 'O', ' '}),
          (client, _, _) -> client.send(new byte[] {20, 0}),
          (client, _, random) -> { // a text of 16 MiB whose second packet has a wrong number
            client.send(new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, 0, 3});
            var piece = new byte[0xffffff - 1];
            piece[random.nextInt(piece.length)] = 1;
            client.send(piece);
            client.send(new byte[] {1, 0, 0, 7, 1});
          },
          (client, _, random) -> { // many commands, the last one cut
            for (int i = 0; i < 1500; i++) {
              client.send(0, writer -> writer.int1(3).utf8("DO 1"));
            }
            client.send(bytes(random, 50));
          });

  @EngineTest(alone = true)
  void noiseEndsItsOwnSessionOnly(Database database) throws Exception {
    var account = database.createUser("noise", "SELECT ON {schema}.*");
    try (var proxied = new ProxiedDatabase(database, account);
        var connection = proxied.connect("");
        var statement = connection.createStatement()) {
      statement.execute("SET @quiet = 7");
      long before = PlatformDependent.usedDirectMemory();
      for (int seed = 0; seed < ROUNDS; seed++) {
        var random = new Random(seed);
        disturb(proxied, account, NOISES.get(seed % NOISES.size()), random);
        try (var rows = statement.executeQuery("SELECT @quiet")) {
          assertThat(rows.next()).as("seed %d", seed).isTrue();
          assertThat(rows.getInt(1)).as("seed %d", seed).isEqualTo(7);
        }
        assertThat(PlatformDependent.usedDirectMemory() - before)
            .as("seed %d", seed)
            .isLessThan(MOST_MEMORY);
      }
      proxied.awaitSessions(1);
    }
  }

  private static void disturb(ProxiedDatabase proxied, Account account, Noise noise, Random random)
      throws IOException, InterruptedException {
    long capabilities = CLIENTS.get(random.nextInt(CLIENTS.size()));
    try (var client = new RawClient(proxied.proxy.address())) {
      byte[] answer =
          client.login(
              account.user(),
              proxied.database.schema(),
              capabilities,
              "caching_sha2_password",
              RawClient.newProof(account.password(), client.greeting().nonce().toArray()));
      assertThat(answer).containsExactly(1, 3);
      assertThat(client.read()[0]).isZero();
      client.send(0, writer -> writer.int1(0x16).utf8("SELECT ?, ?"));
      var reader = RawClient.reader(client.read());
      reader.skip(1);
      long statement = reader.int4();
      int ends = new Capabilities(capabilities).has(Capabilities.DEPRECATE_EOF) ? 0 : 2;
      for (int i = 0; i < 4 + ends; i++) {
        client.read();
      }
      if (random.nextInt(3) == 0
          && new Capabilities(capabilities).has(Capabilities.SESSION_TRACK)) {
        proxied.lead(proxied.proxy.status().server().equals("a") ? "b" : "a");
      }
      noise.send(client, statement, random);
      client.sendNoMore();
      assertThat(client.closed()).isTrue();
    } catch (EOFException | SocketException ended) {
      assertThat(ended).isNotNull();
    }
  }

  /** It answers the second query with noise; those who speak to the other server go on. */
  @EngineTest
  void serverThatTalksNonsenseEndsItsOwnSessions(Database database) throws Exception {
    for (int seed = 0; seed < 20; seed++) {
      byte[] noise = bytes(new Random(seed), 300);
      try (var nonsense = new Nonsense(database.server().port(), noise);
          var proxied =
              new ProxiedDatabase(
                  database,
                  InetAddress.getLoopbackAddress(),
                  nonsense.port(),
                  TlsSettings.NONE,
                  ProxiedDatabase.known(database))) {
        proxied.lead("b");
        try (var victim = new RawClient(proxied.proxy.address())) {
          victim.login(database.user(), database.password(), database.schema(), RawClient.PLAIN);
          nonsense.begin();
          victim.query("DO 1");
          assertThat(victim.closed()).as("seed %d", seed).isTrue();
        } catch (EOFException | SocketException ended) {
          assertThat(ended).isNotNull();
        }
        proxied.awaitSessions(0);
        nonsense.end();
        try (var next = proxied.connect("")) {
          assertThat(next.isValid(10)).as("seed %d", seed).isTrue();
        } catch (SQLException failure) {
          throw new AssertionError("seed " + seed, failure);
        }
      }
    }
  }

  private static byte[] bytes(Random random, int most) {
    var bytes = new byte[random.nextInt(1, most)];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Before a server: passes everything on, or instead of an answer noise and then the end. */
  private static final class Nonsense implements AutoCloseable {
    private final ServerSocket listener;
    private final int port;
    private final byte[] noise;
    private volatile boolean talks;

    Nonsense(int port, byte[] noise) throws IOException {
      this.port = port;
      this.noise = noise;
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      Thread.ofVirtual().start(this::accept);
    }

    int port() {
      return listener.getLocalPort();
    }

    void begin() {
      talks = true;
    }

    void end() {
      talks = false;
    }

    private void accept() {
      try {
        while (!listener.isClosed()) {
          var client = listener.accept();
          var server = new Socket();
          server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
          Thread.ofVirtual().start(() -> pass(client, server, false));
          Thread.ofVirtual().start(() -> pass(server, client, true));
        }
      } catch (SocketException closed) {
        assertThat(listener.isClosed()).isTrue();
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }

    private void pass(Socket from, Socket to, boolean answers) {
      try (from;
          to) {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        var buffer = new byte[16_384];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
          if (answers && talks) {
            out.write(noise);
            return;
          }
          out.write(buffer, 0, count);
        }
      } catch (SocketException closed) {
        assertThat(from.isClosed() || to.isClosed()).isTrue(); // by the other direction
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }

    @Override
    public void close() throws IOException {
      listener.close();
    }
  }
}
