package dev.halcyon.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.model.Engine;
import dev.halcyon.proxy.login.Accounts;
import dev.halcyon.proxy.tls.TlsSettings;
import dev.halcyon.proxy.wire.Bytes;
import dev.halcyon.proxy.wire.Capabilities;
import dev.halcyon.proxy.wire.ErrPacket;
import dev.halcyon.proxy.wire.LoginRequest;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import io.netty.util.internal.PlatformDependent;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Whoever sends noise where TLS or a login begins harms nobody, and costs little. */
class StrangersTest {
  private static final int ROUNDS = 40;
  private static final long SECURE = RawClient.PLAIN | Capabilities.TLS;

  /** As OpenSSL begins, cut where the key would follow. */
  private static final byte[] HALF_HELLO = {
    22, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3, 1, 2, 3, 4, 5, 6, 7, 8
  };

  private static final TlsSettings TLS =
      new TlsSettings(new TlsSettings.Identity.SelfMade(), new TlsSettings.Trust.Anyone());

  /** What a stranger does once it is greeted. */
  private interface Noise {
    void send(RawClient client, Random random) throws IOException;
  }

  private static final List<Noise> NOISES =
      List.of(
          (client, _) -> requestTls(client, SECURE),
          (client, _) -> {
            requestTls(client, SECURE);
            client.send(HALF_HELLO);
          },
          (client, random) -> {
            requestTls(client, SECURE);
            client.send(bytes(random, 300));
          },
          (client, random) -> {
            requestTls(client, SECURE);
            byte[] hello = bytes(random, 400); // a record's head, then noise
            System.arraycopy(HALF_HELLO, 0, hello, 0, 5);
            client.send(hello);
          },
          (client, _) -> {
            requestTls(client, SECURE); // then all in plain, as if nothing had been
            login(client, 2, "mysql_native_password", Bytes.NONE, SECURE);
          },
          (client, _) -> login(client, 1, "x", Bytes.NONE, SECURE),
          (client, random) -> {
            client.send(1, writer -> writer.int4(SECURE).int4(1 << 24)); // half a request
            client.send(bytes(random, 60));
          },
          (client, _) -> client.send(new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, 1, 1}),
          (client, random) -> {
            login(client, 1, "no_plugin", Bytes.NONE, RawClient.PLAIN);
            client.send(bytes(random, 100));
          },
          (client, random) -> {
            var proof = Bytes.of(bytes(random, 32));
            login(client, 1, "caching_sha2_password", proof, RawClient.PLAIN);
            client.read();
            client.send(3, writer -> writer.bytes(Bytes.of(bytes(random, 256)))); // no seal
          });

  @EngineTest(alone = true)
  void noiseEndsItsOwnSessionOnly(Database database) throws Exception {
    var accounts = new Accounts(ProxiedDatabase.known(database).secrets(), true);
    try (var proxied = new ProxiedDatabase(database, TLS, accounts);
        var connection = proxied.connect("&sslMode=trust");
        var statement = connection.createStatement()) {
      long before = PlatformDependent.usedDirectMemory();
      for (int seed = 0; seed < ROUNDS; seed++) {
        var random = new Random(seed);
        intrude(proxied, NOISES.get(seed % NOISES.size()), random);
        statement.execute("DO " + seed);
        proxied.connect("").close(); // and the throttle forgets
      }
      proxied.awaitSessions(1);
      assertThat(PlatformDependent.usedDirectMemory() - before).isLessThan(16L << 20);
    }
  }

  private static void intrude(ProxiedDatabase proxied, Noise noise, Random random)
      throws IOException {
    try (var stranger = new RawClient(proxied.proxy.address())) {
      noise.send(stranger, random);
      stranger.sendNoMore();
      assertThat(stranger.closed()).isTrue();
    } catch (EOFException | SocketException ended) {
      assertThat(ended).isNotNull();
    }
  }

  /** At whatever point a client falls silent, it is not waited for longer than ten seconds. */
  @EngineTest(Engine.MARIADB)
  void silenceIsNotWaitedFor(Database database) throws Exception {
    var silent = new ArrayList<RawClient>();
    try (var proxied = new ProxiedDatabase(database, TLS, ProxiedDatabase.known(database))) {
      for (int i = 0; i < 5; i++) {
        silent.add(new RawClient(proxied.proxy.address()));
      }
      silent.get(1).send(new byte[] {40});
      requestTls(silent.get(2), SECURE);
      requestTls(silent.get(3), SECURE);
      silent.get(3).send(HALF_HELLO);
      login(silent.get(4), 1, "no_plugin", Bytes.NONE, RawClient.PLAIN);
      long began = System.nanoTime();
      for (var client : silent) {
        assertThat(client.closed()).isTrue();
      }
      assertThat(Duration.ofNanos(System.nanoTime() - began))
          .isBetween(Duration.ofSeconds(8), Duration.ofSeconds(16));
      proxied.connect("").close();
    } finally {
      for (var client : silent) {
        client.close();
      }
    }
  }

  /** Clients that wait to be let in cost a bounded number of bounded pieces of memory. */
  @EngineTest(value = Engine.MARIADB, alone = true)
  void strangersAreCounted(Database database) throws Exception {
    var waiting = new ArrayList<Socket>();
    try (var proxied = new ProxiedDatabase(database)) {
      proxied.proxy.hold(Duration.ofMinutes(1));
      long before = PlatformDependent.usedDirectMemory();
      var address = proxied.proxy.address();
      for (int i = 0; i < Shard.MOST_ARRIVALS; i++) {
        var socket = new Socket(address.getAddress(), address.getPort());
        waiting.add(socket);
        socket.getOutputStream().write(new byte[] {1, 2, 3});
      }
      proxied.awaitWaiting(Shard.MOST_ARRIVALS);
      try (var late = new Socket(address.getAddress(), address.getPort())) {
        late.setSoTimeout((int) TimeUnit.SECONDS.toMillis(20));
        byte[] answer = late.getInputStream().readAllBytes();
        byte[] payload = Arrays.copyOfRange(answer, 4, answer.length);
        assertThat(ErrPacket.decode(RawClient.reader(payload)).code()).isEqualTo(1040);
      }
      assertThat(PlatformDependent.usedDirectMemory() - before).isLessThan(64L << 20);
      for (var socket : waiting) {
        socket.close();
      }
      proxied.awaitWaiting(0); // none is remembered that has gone
      proxied.proxy.release();
      proxied.connect("").close();
    } finally {
      for (var socket : waiting) {
        socket.close();
      }
    }
  }

  private static void requestTls(RawClient client, long capabilities) throws IOException {
    client.send(1, writer -> writer.int4(capabilities).int4(1 << 24).int1(45).zeros(23));
  }

  private static void login(
      RawClient client, int sequence, String plugin, Bytes proof, long capabilities)
      throws IOException {
    var request =
        new LoginRequest(
            new Capabilities(capabilities),
            1 << 24,
            45,
            Bytes.of((byte) 'r'),
            proof,
            Bytes.NONE,
            plugin,
            Bytes.NONE);
    client.send(sequence, request::encode);
  }

  private static byte[] bytes(Random random, int most) {
    var bytes = new byte[random.nextInt(1, most) + 5];
    random.nextBytes(bytes);
    return bytes;
  }
}
