package dev.halcyon.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.halcyon.embedded.Options;
import dev.halcyon.model.Engine;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Refusal;
import dev.halcyon.testing.Account;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import dev.halcyon.testing.Servers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerTest {
  private static final String SECRET = "s3cr3t'Pass?&=word";

  @EngineTest
  void usesTlsWhenTheServerOffersIt(Database database) {
    var server = Server.connect(settings(database.url(), database.createUser("tls", grant())));
    try (var session = server.open("test")) {
      assertThat(cipher(session)).isNotEmpty();
      assertThat(server.engine()).isEqualTo(database.engine());
      assertThat(server.schema()).isEqualTo(database.schema());
    }
  }

  @EngineTest
  void takesBothSchemesWithoutOptions(Database database) {
    assertLogsIn(database, database.createUser("both", grant()), true);
  }

  @EngineTest
  void speaksPlainToAServerWithoutTls(Engine engine) {
    try (var own = Servers.startOwn(engine, Options.defaults().tls(false));
        var database = Database.fresh(own)) {
      var account = database.createUser("plain", grant());
      assertLogsIn(database, account, false);
      assertRefused(ErrorCode.TLS_FAILED, settings(database.url() + "?sslMode=trust", account));
      var ca = Servers.shared(engine).certificateAuthority().orElseThrow();
      assertRefused(
          ErrorCode.TLS_FAILED,
          new ConnectionSettings(database.url(), account.user(), account.password(), ca));
    }
  }

  @EngineTest
  void verifiesTheServerWhenACertificateAuthorityIsGiven(Database database) throws IOException {
    var ca = database.server().certificateAuthority().orElseThrow();
    var account = database.createUser("ca", grant());
    var good = new ConnectionSettings(database.url(), account.user(), account.password(), ca);
    try (var session = Server.connect(good).open("test")) {
      assertThat(cipher(session)).isNotEmpty();
    }
    var other = Files.createTempFile("halcyon-other", ".pem");
    try {
      Files.writeString(other, OTHER_AUTHORITY);
      var refusal =
          assertRefused(
              ErrorCode.TLS_FAILED,
              new ConnectionSettings(database.url(), account.user(), account.password(), other));
      assertThat(refusal.findings().getFirst().remedy()).contains("verify-ca");
    } finally {
      Files.delete(other);
    }
    assertRefused(
        ErrorCode.SETTINGS_INVALID,
        new ConnectionSettings(
            database.url(), account.user(), account.password(), Path.of("/nowhere/ca.pem")));
    var otherName = database.url().replace("127.0.0.1", "127.1");
    assertThat(
            assertRefused(
                ErrorCode.TLS_FAILED,
                new ConnectionSettings(otherName, account.user(), account.password(), ca)))
        .hasMessageContaining("127.1");
    var authorityOnly = otherName + "?sslMode=VERIFY_CA";
    Server.connect(new ConnectionSettings(authorityOnly, account.user(), account.password(), ca));
  }

  @EngineTest
  void passesTheUsersOptionsOnButForThoseItDependsOn(Database database) {
    var url = database.url() + "?autocommit=false&connectionCollation=utf8mb4_bin&useSSL=true";
    try (var session =
        Server.connect(settings(url, database.createUser("opt", grant()))).open("test")) {
      var row =
          session.first("SELECT @@autocommit AS a, @@collation_connection AS c").orElseThrow();
      assertThat(row.longValue("a")).isEqualTo(1);
      assertThat(row.string("c")).isEqualTo("utf8mb4_bin");
    }
  }

  @EngineTest
  void administratorsSeeWhoConnects(Database database) {
    try (var session =
        Server.connect(settings(database.url(), root(database))).open("back, fill:1")) {
      if (database.engine() == Engine.MYSQL) {
        assertThat(
                session.query(
                    "SELECT attr_name, attr_value FROM performance_schema.session_connect_attrs"
                        + " WHERE processlist_id = ? AND attr_name IN ('program_name', 'purpose')",
                    session.connectionId()))
            .extracting(row -> row.string(1) + "=" + row.string(2))
            .containsExactlyInAnyOrder("program_name=halcyon", "purpose=back_ fill_1");
      }
      assertThat(session.first("SELECT CONNECTION_ID()").orElseThrow().longValue(1))
          .isEqualTo(session.connectionId());
    }
  }

  @EngineTest
  void saysWhyItCannotConnect(Database database) throws IOException {
    var account = database.createUser("why", grant());
    var wrong = new ConnectionSettings(database.url(), account.user(), SECRET);
    assertThat(assertRefused(ErrorCode.ACCESS_DENIED, wrong)).hasMessageContaining("1045 (28000)");
    var elsewhere = database.url().replace(database.schema(), "no_such_schema");
    var missing = assertRefused(ErrorCode.SCHEMA_MISSING, settings(elsewhere, root(database)));
    assertThat(missing).hasMessageContaining("1049 (42000)").hasMessageContaining("no_such_schema");
    assertThat(assertRefused(ErrorCode.SCHEMA_MISSING, settings(elsewhere, account)))
        .hasMessageContaining("1044 (42000)");
    assertRefused(
        ErrorCode.UNREACHABLE,
        new ConnectionSettings("jdbc:mysql://127.0.0.1:" + closedPort() + "/x", "u", SECRET));
    assertRefused(
        ErrorCode.UNREACHABLE,
        new ConnectionSettings("jdbc:mysql://no-such-host.invalid/x", "u", SECRET));
  }

  @Test
  void aSilentServerIsUnreachable() throws IOException {
    try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var url = "jdbc:mysql://127.0.0.1:" + silent.getLocalPort() + "/x";
      assertRefused(
          ErrorCode.UNREACHABLE,
          new ConnectionSettings(url, "u", SECRET, null, Duration.ofMillis(300)));
    }
  }

  @EngineTest
  void aSessionThatCannotBeOpenedIsAFault(Engine engine) {
    try (var own = Servers.startOwn(engine, Options.defaults())) {
      var database = Database.fresh(own); // its connection dies with the server
      var account = database.createUser("gone", grant());
      var server = Server.connect(settings(database.url(), account));
      database.execute("ALTER USER '" + account.user() + "'@'%' IDENTIFIED BY 'changed'");
      assertThatThrownBy(() -> server.open("test"))
          .isInstanceOfSatisfying(
              Fault.Refused.class, fault -> assertThat(fault.code()).isEqualTo(1045))
          .satisfies(ServerTest::showsNoPassword);
      database.execute("SET GLOBAL max_connections = 10");
      assertRunsOutOfConnections(Server.connect(settings(database.url(), root(database))));
      own.stop();
      assertThatThrownBy(() -> server.open("test")).isInstanceOf(Fault.Broken.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://h/db",
        "jdbc:mysql://h1,h2/db",
        "jdbc:mysql:replication://h1/db",
        "jdbc:mysql://h",
        "jdbc:mysql://h/",
        "jdbc:mysql://u:s3cr3t'Pass@h/db",
        "jdbc:mysql://h/db?user=u&password=s3cr3t'Pass",
        "jdbc:mysql://h:99999/db",
        "mysql://h/db",
        ""
      })
  void refusesOtherUrls(String url) {
    assertRefused(ErrorCode.SETTINGS_INVALID, new ConnectionSettings(url, "u", SECRET));
  }

  @Test
  void takesUrlsApart() {
    assertThat(JdbcUrl.parse("jdbc:MySQL://db.example.org/shop").address())
        .isEqualTo("db.example.org:3306/shop");
    var six = JdbcUrl.parse("jdbc:mariadb://[::1]:3307/shop?a=b%20c&flag");
    assertThat(six.address()).isEqualTo("[::1]:3307/shop");
    assertThat(six.option("A")).isEqualTo("b c");
    assertThat(six.option("flag")).isEqualTo("true");
    assertThat(new ConnectionSettings("jdbc:mysql://h/d?x=" + SECRET, "u", SECRET))
        .hasToString("u at jdbc:mysql://h/d");
    assertThat(new ConnectionSettings("jdbc:mysql://u:" + SECRET + "@h/d", "u", SECRET))
        .hasToString("u at (no url)");
  }

  /**
   * With either scheme, each time as for the first time: then MySQL's caching_sha2_password asks
   * for the password itself, over TLS as it is, else under the server's RSA key.
   */
  private static void assertLogsIn(Database database, Account account, boolean tls) {
    if (database.engine() == Engine.MYSQL) {
      assertThat(
              database.value("SELECT plugin FROM mysql.user WHERE user = '" + account.user() + "'"))
          .isEqualTo("caching_sha2_password");
    }
    for (var scheme : List.of("jdbc:mysql:", "jdbc:mariadb:")) {
      database.execute("FLUSH PRIVILEGES");
      var url = database.url().replaceFirst("jdbc:[a-z]+:", scheme);
      for (var time = 1; time <= 2; time++) {
        try (var session = Server.connect(settings(url, account)).open("test")) {
          assertThat(cipher(session).isEmpty()).isEqualTo(!tls);
        }
      }
    }
  }

  private static void assertRunsOutOfConnections(Server server) {
    var sessions = new ArrayList<Session>();
    try {
      assertThatThrownBy(
              () -> {
                while (sessions.size() < 50) {
                  sessions.add(server.open("test"));
                }
              })
          .isInstanceOfSatisfying(
              Fault.Transient.class, fault -> assertThat(fault.code()).isEqualTo(1040));
    } finally {
      sessions.forEach(Session::close);
    }
  }

  private static int closedPort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static String grant() {
    return "SELECT ON {schema}.*";
  }

  private static Account root(Database database) {
    return new Account(database.user(), database.password());
  }

  private static ConnectionSettings settings(String url, Account account) {
    return new ConnectionSettings(url, account.user(), account.password());
  }

  private static String cipher(Session session) {
    return session.first("SHOW SESSION STATUS LIKE 'Ssl_cipher'").orElseThrow().string(2);
  }

  private static Refusal assertRefused(ErrorCode code, ConnectionSettings settings) {
    var refusal = catchThrowableOfType(Refusal.class, () -> Server.connect(settings));
    assertThat(refusal).isNotNull();
    assertThat(refusal.findings()).hasSize(1);
    assertThat(refusal.findings().getFirst().code()).as(refusal.toString()).isEqualTo(code.code());
    assertThat(refusal.findings().getFirst().remedy()).isNotBlank();
    assertThat(refusal.exitStatus()).isEqualTo(code.exitStatus());
    showsNoPassword(refusal);
    return refusal;
  }

  private static void showsNoPassword(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      assertThat(cause.toString()).doesNotContain("s3cr3t").doesNotContain("pass word");
    }
  }

  /** A self-signed certificate that has signed nothing. */
  private static final String OTHER_AUTHORITY =
      """
      -----BEGIN CERTIFICATE-----
      MIIBizCCATGgAwIBAgIUd8nhj6JlEvOW/Pp1QuF9EHTS9CswCgYIKoZIzj0EAwIw
      GjEYMBYGA1UEAwwPb3RoZXIgYXV0aG9yaXR5MCAXDTI2MTEyMTEwNDM0MFoYDzIx
      MjYxMDI4MTA0MzQwWjAaMRgwFgYDVQQDDA9vdGhlciBhdXRob3JpdHkwWTATBgcq
      hkjOPQIBBggqhkjOPQMBBwNCAATKeT9AB50qhCsMUza1eBp2a/sx/HFKcrG7MEXr
      fiLkABpAEEp8yHKaV7lvvNk/2DsvWjki0Vus3fTdPA1Hig2Mo1MwUTAdBgNVHQ4E
      FgQU++3PZEwPvCvZqHxj173tchChBaswHwYDVR0jBBgwFoAU++3PZEwPvCvZqHxj
      173tchChBaswDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEArnXE
      QhankOno4TljI0VzJ45MmDX2Fawv0gIjgj+J5MQCIGQ8MMXxNrmL+nlsHFdo8Rmw
      odirrd6OUHmpuPJ3+JSa
      -----END CERTIFICATE-----
      """;
}
