package dev.halcyon.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.embedded.Options;
import dev.halcyon.model.Engine;
import dev.halcyon.proxy.tls.TlsSettings;
import dev.halcyon.proxy.tls.TlsSettings.Identity;
import dev.halcyon.proxy.tls.TlsSettings.Trust;
import dev.halcyon.testing.Account;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import dev.halcyon.testing.Servers;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** Each side speaks TLS, or not, without the other; and nobody is believed who should not be. */
class TlsTest {
  private static final String INSIST = "&sslMode=trust";

  @EngineTest
  void sidesAreSecuredEachByItself(Database database) throws SQLException {
    database.execute("CREATE TABLE t (id INT PRIMARY KEY, x LONGBLOB)");
    for (Identity identity : List.of(new Identity.None(), new Identity.SelfMade())) {
      for (Trust trust : List.of(new Trust.Plain(), new Trust.Anyone(), signedBy(database))) {
        try (var proxied = proxied(database, identity, trust)) {
          boolean offered = identity instanceof Identity.SelfMade;
          try (var connection = proxied.connect(offered ? INSIST : "")) {
            assertThat(cipher(connection).isEmpty()).isEqualTo(trust instanceof Trust.Plain);
            work(connection);
          }
          if (offered) {
            proxied.connect("").close();
          } else {
            assertThatThrownBy(() -> proxied.connect(INSIST).close())
                .isInstanceOf(SQLException.class);
          }
        }
      }
    }
  }

  /** Packets of several records, in both directions, by both kinds of statement. */
  private static void work(Connection connection) throws SQLException {
    var large = new byte[3_000_000];
    for (int i = 0; i < large.length; i++) {
      large[i] = (byte) ((i * 7) >> 2);
    }
    try (var insert = connection.prepareStatement("REPLACE INTO t VALUES (?, ?)");
        var select = connection.prepareStatement("SELECT x FROM t")) {
      insert.setInt(1, 1);
      insert.setBytes(2, large);
      insert.execute();
      for (int i = 0; i < 3; i++) {
        try (var rows = select.executeQuery()) {
          assertThat(rows.next()).isTrue();
          assertThat(rows.getBytes(1)).isEqualTo(large);
        }
      }
    }
  }

  @EngineTest
  void clientMayCheckTheProxy(Database database, @TempDir Path folder) throws Exception {
    Path certificate = certificate(database);
    var files = new Identity.Files(certificate, certificate.resolveSibling("key.pem"));
    try (var proxied = proxied(database, files, new Trust.Plain())) {
      proxied.connect("&sslMode=verify-full&serverSslCert=" + certificate).close();
    }
    try (var proxied = proxied(database, new Identity.SelfMade(), new Trust.Plain())) {
      assertThatThrownBy(
              () -> proxied.connect("&sslMode=verify-ca&serverSslCert=" + certificate).close())
          .isInstanceOf(SQLException.class);
      assertThat(proxied.proxy.status().sessions()).isEmpty();
      proxied.connect(INSIST).close();
    }
    Path wrong = Files.writeString(folder.resolve("key.pem"), "no key");
    assertThatThrownBy(
            () ->
                proxied(database, new Identity.Files(certificate, wrong), new Trust.Plain())
                    .close())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("key.pem");
  }

  /** MariaDB's clients believe who knows the password, if they cannot know the authority. */
  @EngineTest(Engine.MARIADB)
  void clientThatChecksByItselfIsConvinced(Database database) throws SQLException {
    for (Trust trust : List.of(new Trust.Plain(), new Trust.Anyone())) {
      try (var proxied = proxied(database, new Identity.SelfMade(), trust);
          var connection = proxied.connect("&sslMode=verify-full")) {
        assertThat(connection.isValid(5)).isTrue();
      }
    }
  }

  /** Wrong authority, wrong name, no TLS at all: the client is told, the password stays here. */
  @EngineTest
  void serverMustProveItself(Engine engine) throws Exception {
    try (var server = Servers.startOwn(engine, Options.defaults().tls(false))) {
      var database = Database.fresh(server);
      try (var proxied = proxied(database, new Identity.None(), new Trust.Anyone())) {
        proxied.connect("").close();
      }
      var shared = new Trust.SignedBy(Servers.shared(engine).certificateAuthority().orElseThrow());
      try (var proxied = proxied(database, new Identity.None(), shared)) {
        assertThatThrownBy(() -> proxied.connect("").close())
            .isInstanceOf(SQLException.class)
            .hasMessageContaining("offers no TLS");
      }
    }
  }

  @EngineTest
  void serverMustHaveTheRightName(Database database) throws Exception {
    var alias =
        InetAddress.getByAddress("database.example", InetAddress.getLoopbackAddress().getAddress());
    var accounts = ProxiedDatabase.known(database);
    var tls = new TlsSettings(new Identity.None(), signedBy(database));
    try (var proxied = new ProxiedDatabase(database, alias, tls, accounts)) {
      assertThatThrownBy(() -> proxied.connect("").close())
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("no TLS with the server");
    }
  }

  /** The server's other plugin takes the password itself, where TLS hides it. */
  @EngineTest(Engine.MYSQL)
  void serverThatHasForgottenThePasswordIsToldIt(Database database) throws SQLException {
    var account = database.createUser("fresh", "SELECT ON {schema}.*");
    var tls = new TlsSettings(new Identity.SelfMade(), new Trust.Anyone());
    var accounts = ProxiedDatabase.known(database, account);
    try (var proxied = new ProxiedDatabase(database, tls, accounts)) {
      for (int i = 0; i < 2; i++) {
        proxied.connect(account, INSIST).close();
      }
      assertThatThrownBy(
              () -> proxied.connect(new Account(account.user(), "wrong"), INSIST).close())
          .isInstanceOf(SQLException.class);
    }
  }

  private static ProxiedDatabase proxied(Database database, Identity identity, Trust trust) {
    return new ProxiedDatabase(
        database, new TlsSettings(identity, trust), ProxiedDatabase.known(database));
  }

  private static Trust signedBy(Database database) {
    return new Trust.SignedBy(certificate(database));
  }

  private static Path certificate(Database database) {
    return database.server().certificateAuthority().orElseThrow();
  }

  /** What the server encrypts its side with; empty if it does not. */
  private static String cipher(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("SHOW SESSION STATUS LIKE 'Ssl_cipher'")) {
      assertThat(rows.next()).isTrue();
      return rows.getString(2);
    }
  }
}
