package dev.halcyon.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.model.Engine;
import dev.halcyon.proxy.login.Accounts;
import dev.halcyon.proxy.tls.TlsSettings;
import dev.halcyon.proxy.wire.AuthSwitch;
import dev.halcyon.proxy.wire.Bytes;
import dev.halcyon.proxy.wire.Capabilities;
import dev.halcyon.proxy.wire.ErrPacket;
import dev.halcyon.proxy.wire.PacketScanner;
import dev.halcyon.testing.Account;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** COM_CHANGE_USER: another user, a session as new, the same connection. */
class UserChangeTest {
  private static final long TRACKED = RawClient.PLAIN | Capabilities.SESSION_TRACK;

  @EngineTest
  void sessionBecomesAnothers(Database database, Engine engine) throws Exception {
    var first = database.createUser("first", "ALL ON {schema}.*");
    var second = oldAccount(database, engine);
    try (var proxied = new ProxiedDatabase(database, first, second)) {
      for (long capabilities : List.of(RawClient.PLAIN, TRACKED)) {
        try (var client = login(proxied, first, capabilities)) {
          long id = client.greeting().connectionId();
          for (var account : List.of(second, first, first, second)) {
            run(client, "SET @x = 7, SESSION sort_buffer_size = 65536");
            run(client, "CREATE TEMPORARY TABLE tt (i INT)");
            assertThat(hindrances(proxied)).contains("TEMPORARY_TABLE");

            assertThat(change(client, account, database.schema())[0]).isZero();

            assertThat(proxied.proxy.status().sessions())
                .singleElement()
                .satisfies(
                    session -> {
                      assertThat(session.user()).isEqualTo(account.user());
                      assertThat(session.connectionId()).isEqualTo(id);
                    });
            assertThat(hindrances(proxied)).isEmpty();
            assertThat(value(client, "CURRENT_USER()")).isEqualTo(account.user() + "@%");
            assertThat(value(client, "CONNECTION_ID()")).isEqualTo("" + id);
            assertThat(value(client, "COALESCE(@x, 'none')")).isEqualTo("none");
            assertThat(value(client, "DATABASE()")).isEqualTo(database.schema());
            assertThat(value(client, "@@session_track_system_variables")).isEqualTo("*");
          }
        }
        proxied.awaitSessions(0);
      }
    } finally {
      database.execute("DROP USER " + second.user());
    }
  }

  @EngineTest
  void changeTakesTlsAndLearntAccounts(Database database) throws Exception {
    var first = database.createUser("first", "ALL ON {schema}.*");
    var second = database.createUser("second", "ALL ON {schema}.*");
    var tls = new TlsSettings(new TlsSettings.Identity.None(), new TlsSettings.Trust.Anyone());
    var accounts = new Accounts(ProxiedDatabase.known(database, second).secrets(), true);
    try (var proxied = new ProxiedDatabase(database, tls, accounts);
        var client = login(proxied, second, RawClient.PLAIN)) {
      try (var keeps = proxied.connect(first, "&allowPublicKeyRetrieval=true")) {
        assertThat(change(client, first, database.schema())[0]).isZero();
        assertThat(value(client, "CURRENT_USER()")).isEqualTo(first.user() + "@%");
        assertThat(keeps.isValid(5)).isTrue();
      }
      assertThat(change(client, second, "")[0]).isZero();
      assertThat(value(client, "COALESCE(DATABASE(), 'none')")).isEqualTo("none");
    }
  }

  @EngineTest
  void wrongProofEndsTheSession(Database database) throws Exception {
    try (var proxied = new ProxiedDatabase(database);
        var other = login(proxied, root(database), RawClient.PLAIN)) {
      for (var wrong : List.of(new Account(database.user(), "wrong"), new Account("nobody", "x"))) {
        try (var client = login(proxied, root(database), RawClient.PLAIN)) {
          byte[] answer = change(client, wrong, database.schema());
          assertThat(ErrPacket.decode(RawClient.reader(answer)).code()).isEqualTo(1045);
          assertThat(client.closed()).isTrue();
        }
      }
      try (var client = login(proxied, root(database), RawClient.PLAIN)) {
        byte[] answer = change(client, root(database), "no_such_schema");
        assertThat(answer[0]).isEqualTo((byte) 0xff);
        assertThat(client.closed()).isTrue();
      }
      proxied.awaitSessions(1);
      run(other, "DO 1");
    }
  }

  /** Half a command, noise, silence after the question: the session ends, the server's as well. */
  @EngineTest
  void brokenChangeEndsTheSession(Database database) throws Exception {
    try (var proxied = new ProxiedDatabase(database)) {
      for (byte[] noise :
          List.of(
              new byte[] {30, 0, 0, 0, 0x11, 'r', 'o'},
              new byte[] {5, 0, 0, 0, 0x11, 'r', 'o', 'o', 't'},
              new byte[] {0, 0, 2, 0, 0x11},
              new byte[] {9, 0, 0, 0, 0x11, 'r', 0, 0, 0, 45, 0, 'x', 0, 1})) {
        try (var client = login(proxied, root(database), RawClient.PLAIN)) {
          client.send(noise);
          client.sendNoMore();
          client.closed();
        }
        proxied.awaitSessions(0);
      }
      assertThat(proxied.proxy.status().entering()).isZero();
    }
  }

  /** A held client does not change its user; one that is changing it is waited for. */
  @EngineTest
  void holdWaitsForAChange(Database database) throws Exception {
    var lease = Duration.ofMinutes(1);
    var patience = Duration.ofSeconds(20);
    try (var proxied = new ProxiedDatabase(database);
        var client = login(proxied, root(database), RawClient.PLAIN)) {
      proxied.proxy.hold(lease);
      assertThat(proxied.proxy.awaitDrained(patience)).isTrue();
      ask(client, root(database), database.schema());
      proxied.awaitParked(1);
      proxied.proxy.release();
      var wanted = AuthSwitch.decode(RawClient.reader(client.read()));

      proxied.proxy.hold(lease);
      assertThat(proxied.proxy.awaitDrained(Duration.ofMillis(20))).isFalse();
      assertThat(proxied.proxy.status().entering()).isEqualTo(1);
      prove(client, wanted, root(database));
      assertThat(client.read()[0]).isZero();
      assertThat(proxied.proxy.awaitDrained(patience)).isTrue();
      client.query("DO 1");
      proxied.awaitParked(1);
      proxied.proxy.release();
      assertThat(client.read()[0]).isZero();
    }
  }

  private static Account root(Database database) {
    return new Account(database.user(), database.password());
  }

  private static Account oldAccount(Database database, Engine engine) {
    database.execute(
        "CREATE USER other_3 IDENTIFIED "
            + (engine == Engine.MYSQL ? "WITH mysql_native_password " : "")
            + "BY 'other'",
        "GRANT ALL ON *.* TO other_3");
    return new Account("other_3", "other");
  }

  private static RawClient login(ProxiedDatabase proxied, Account account, long capabilities)
      throws IOException {
    var client = new RawClient(proxied.proxy.address());
    String schema = proxied.database.schema();
    assertThat(client.login(account.user(), account.password(), schema, capabilities)[0]).isZero();
    return client;
  }

  /** The last answer. */
  private static byte[] change(RawClient client, Account account, String schema)
      throws IOException {
    ask(client, account, schema);
    byte[] answer = client.read();
    if (answer[0] != (byte) AuthSwitch.FIRST_BYTE) {
      return answer;
    }
    prove(client, AuthSwitch.decode(RawClient.reader(answer)), account);
    answer = client.read();
    if (answer[0] == (byte) AuthSwitch.FIRST_BYTE) {
      var again = AuthSwitch.decode(RawClient.reader(answer));
      var proof = RawClient.newProof(account.password(), again.nonce().toArray());
      client.send(4, writer -> writer.bytes(proof));
      answer = client.read();
    }
    return answer[0] == 1 ? client.read() : answer;
  }

  private static void ask(RawClient client, Account account, String schema) throws IOException {
    byte[] empty = new byte[PacketScanner.HEADER];
    client.send(
        0,
        writer ->
            writer
                .int1(0x11)
                .zeroEnded(account.user())
                .int1(empty.length)
                .bytes(Bytes.of(empty))
                .zeroEnded(schema)
                .int2(45)
                .zeroEnded("mysql_native_password"));
  }

  private static void prove(RawClient client, AuthSwitch wanted, Account account)
      throws IOException {
    var proof = RawClient.oldProof(account.password(), wanted.nonce().toArray());
    client.send(2, writer -> writer.bytes(proof));
  }

  private static void run(RawClient client, String sql) throws IOException {
    client.query(sql);
    assertThat(client.read()[0]).as(sql).isZero();
  }

  /** Of an expression; columns and rows end with EOFs. */
  private static String value(RawClient client, String expression) throws IOException {
    client.query("SELECT " + expression);
    assertThat(client.read()).containsExactly(1);
    client.read();
    client.read();
    byte[] row = client.read();
    assertThat(client.read()[0]).isEqualTo((byte) 0xfe);
    return new String(row, 1, row.length - 1, StandardCharsets.UTF_8);
  }

  private static List<String> hindrances(ProxiedDatabase proxied) {
    return proxied.proxy.status().sessions().getFirst().boundary().hindrances().stream()
        .map(Enum::name)
        .toList();
  }
}
