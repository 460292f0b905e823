package dev.halcyon.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.proxy.wire.AuthSwitch;
import dev.halcyon.proxy.wire.Bytes;
import dev.halcyon.proxy.wire.ErrPacket;
import dev.halcyon.testing.Account;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Random;

/** Who may in, and that those who may not disturb nobody. */
class LoginTest {
  private static final int STRANGERS = 120;

  @EngineTest
  void wrongLoginsAreDenied(Database database) throws SQLException {
    try (var proxied = new ProxiedDatabase(database)) {
      for (var wrong :
          new Account[] {
            new Account(database.user(), "wrong"),
            new Account(database.user(), ""),
            new Account("nobody", database.password())
          }) {
        assertThatThrownBy(() -> proxied.connect(wrong, "").close())
            .isInstanceOfSatisfying(
                SQLException.class,
                failure -> {
                  assertThat(failure.getErrorCode()).isEqualTo(1045);
                  assertThat(failure.getSQLState()).isEqualTo("28000");
                });
      }
      proxied.connect("").close();
    }
  }

  /** After five failures each next attempt waits twice as long, and nobody else does. */
  @EngineTest
  void guessingIsSlow(Database database) throws Exception {
    var guesser = InetAddress.getByName("127.0.0.2");
    try (var proxied = new ProxiedDatabase(database)) {
      long began = System.nanoTime();
      for (int i = 0; i < 9; i++) {
        try (var client = new RawClient(proxied.proxy.address(), guesser)) {
          byte[] answer = client.login(database.user(), "guess " + i, "", RawClient.PLAIN);
          assertThat(ErrPacket.decode(RawClient.reader(answer)).code()).isEqualTo(1045);
        }
        proxied.connect("").close(); // from another address
      }
      // before the sixth to the ninth: 100 + 200 + 400 + 800 ms
      assertThat(Duration.ofNanos(System.nanoTime() - began))
          .isGreaterThan(Duration.ofMillis(1400));
      try (var client = new RawClient(proxied.proxy.address(), guesser)) {
        byte[] answer = client.login(database.user(), database.password(), "", RawClient.PLAIN);
        assertThat(answer[0]).isZero(); // the right one waits as well, and is let in
      }
    }
  }

  @EngineTest
  void refusalOfTheServerIsPassedOn(Database database) throws IOException {
    try (var proxied = new ProxiedDatabase(database);
        var client = new RawClient(proxied.proxy.address())) {
      byte[] answer =
          client.login(database.user(), database.password(), "no_such_schema", RawClient.PLAIN);

      assertThat(ErrPacket.decode(RawClient.reader(answer)).code()).isEqualTo(1049);
      assertThat(client.closed()).isTrue();
    }
  }

  @EngineTest
  void newProofIsTaken(Database database) throws IOException {
    try (var proxied = new ProxiedDatabase(database)) {
      for (var password : new String[] {database.password(), "wrong"}) {
        try (var client = new RawClient(proxied.proxy.address())) {
          var proof = RawClient.newProof(password, client.greeting().nonce().toArray());
          byte[] answer =
              client.login(
                  database.user(),
                  database.schema(),
                  RawClient.PLAIN,
                  "caching_sha2_password",
                  proof);
          if (password.equals("wrong")) {
            assertThat(ErrPacket.decode(RawClient.reader(answer)).code()).isEqualTo(1045);
          } else {
            assertThat(answer).containsExactly(1, 3);
            assertThat(client.read()[0]).isZero();
            client.query("DO 1");
            assertThat(client.read()[0]).isZero();
          }
        }
      }
    }
  }

  @EngineTest
  void unknownPluginIsSwitched(Database database) throws IOException {
    try (var proxied = new ProxiedDatabase(database);
        var client = new RawClient(proxied.proxy.address())) {
      byte[] answer =
          client.login(
              database.user(),
              database.schema(),
              RawClient.PLAIN,
              "no_such_plugin",
              Bytes.of((byte) 1));
      var wanted = AuthSwitch.decode(RawClient.reader(answer));
      byte[] nonce = wanted.nonce().toArray();
      boolean old = wanted.plugin().equals("mysql_native_password");
      var proof =
          old
              ? RawClient.oldProof(database.password(), nonce)
              : RawClient.newProof(database.password(), nonce);
      client.send(3, writer -> writer.bytes(proof));
      if (!old) {
        assertThat(client.read()).containsExactly(1, 3);
      }
      assertThat(client.read()[0]).isZero();
    }
  }

  @EngineTest
  void greetingIsTheServers(Database database) throws IOException {
    try (var proxied = new ProxiedDatabase(database);
        var client = new RawClient(proxied.proxy.address())) {
      assertThat(client.greeting().version()).isEqualTo(database.value("SELECT @@version"));
      client.login(database.user(), database.password(), database.schema(), RawClient.PLAIN);
      assertThat(
              database.value(
                  "SELECT user FROM information_schema.processlist WHERE id = "
                      + client.greeting().connectionId()))
          .isEqualTo(database.user());
    }
  }

  @EngineTest
  void strangersHarmOnlyThemselves(Database database) throws Exception {
    try (var proxied = new ProxiedDatabase(database);
        var connection = proxied.connect("");
        var statement = connection.createStatement()) {
      for (int seed = 0; seed < STRANGERS; seed++) {
        intrude(proxied, new Random(seed));
        statement.execute("DO " + seed);
        proxied.connect("").close(); // and the throttle forgets
      }
      proxied.awaitSessions(1); // the last one's end may come later
    }
  }

  /** Every kind of noise in place of a login: half a header, wrong number, lengths, contents. */
  private static void intrude(ProxiedDatabase proxied, Random random) throws IOException {
    try (var stranger = new RawClient(proxied.proxy.address())) {
      var noise = new byte[random.nextInt(1, 400)];
      random.nextBytes(noise);
      if (random.nextBoolean() && noise.length > 4) {
        noise[0] = (byte) (noise.length - 4);
        noise[1] = (byte) ((noise.length - 4) >> 8);
        noise[2] = 0;
        noise[3] = 1;
      }
      stranger.send(noise);
      stranger.sendNoMore();
      assertThat(stranger.closed()).isTrue();
    } catch (EOFException | SocketException ended) {
      assertThat(ended).isNotNull();
    }
  }

  @EngineTest
  void commandOutOfTurnEndsTheSession(Database database) throws IOException {
    try (var proxied = new ProxiedDatabase(database);
        var client = new RawClient(proxied.proxy.address());
        var other = new RawClient(proxied.proxy.address())) {
      for (var one : new RawClient[] {client, other}) {
        one.login(database.user(), database.password(), database.schema(), RawClient.PLAIN);
      }
      client.send(5, writer -> writer.int1(3).utf8("DO 1"));
      assertThat(client.closed()).isTrue();
      other.query("DO 1");
      assertThat(other.read()[0]).isZero();
    }
  }
}
