package dev.halcyon.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.model.Engine;
import dev.halcyon.proxy.login.Accounts;
import dev.halcyon.proxy.tls.TlsSettings;
import dev.halcyon.proxy.wire.AuthSwitch;
import dev.halcyon.proxy.wire.Bytes;
import dev.halcyon.proxy.wire.ErrPacket;
import dev.halcyon.testing.Account;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.X509EncodedKeySpec;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.Cipher;

/** Who is in no settings tells a password, and the server decides. */
class LearntAccountsTest {
  private static final TlsSettings TLS =
      new TlsSettings(new TlsSettings.Identity.SelfMade(), new TlsSettings.Trust.Anyone());

  private static final List<String> WAYS =
      List.of("&sslMode=trust", "&allowPublicKeyRetrieval=true");

  @EngineTest
  void passwordIsLearntWhereItIsHidden(Database database, Engine engine) throws SQLException {
    var plain = database.createUser("plain", "SELECT ON {schema}.*");
    var old = oldAccount(database, engine);
    try (var proxied = learning(database)) {
      for (String way : WAYS) {
        for (var account : List.of(plain, old, plain)) {
          try (var first = proxied.connect(account, way);
              var second = proxied.connect(account, way);
              var rows = second.createStatement().executeQuery("SELECT CURRENT_USER()")) {
            assertThat(first.isValid(5)).isTrue();
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(1)).isEqualTo(account.user() + "@%");
            assertDenied(proxied, new Account(account.user(), "wrong"), way);
            assertDenied(proxied, new Account(account.user(), ""), way);
          }
        }
      }
      // MySQL draws a plugin for whom it does not know, and the proxy does not speak all of them.
      assertThatThrownBy(() -> proxied.connect(new Account("nobody", "x"), WAYS.getFirst()).close())
          .isInstanceOfSatisfying(
              SQLException.class, failure -> assertThat(failure.getErrorCode()).isIn(1045, 1251));
    } finally {
      database.execute("DROP USER " + old.user());
    }
  }

  @EngineTest
  void changedPasswordIsLearntAnew(Database database) throws SQLException {
    var account = database.createUser("changing", "SELECT ON {schema}.*");
    var changed = new Account(account.user(), "new pass");
    String way = WAYS.getFirst();
    try (var proxied = learning(database);
        var stays = proxied.connect(account, way)) {
      database.execute("ALTER USER '%s'@'%%' IDENTIFIED BY 'new pass'".formatted(account.user()));
      assertDenied(proxied, account, way);
      proxied.connect(changed, way).close();
      assertDenied(proxied, account, way);
      proxied.connect(changed, way).close();
      assertThat(stays.isValid(5)).isTrue();

      database.execute("ALTER USER '%s'@'%%' IDENTIFIED BY 'newer'".formatted(account.user()));
      proxied.connect(new Account(account.user(), "newer"), way).close();
      assertDenied(proxied, changed, way);
    }
  }

  @EngineTest
  void guessingIsSlow(Database database) throws SQLException {
    var account = database.createUser("guessed", "SELECT ON {schema}.*");
    String way = WAYS.getFirst();
    try (var proxied = learning(database)) {
      long began = System.nanoTime();
      for (int i = 0; i < 7; i++) {
        assertDenied(proxied, new Account(account.user(), "guess " + i), way);
      }
      proxied.connect(account, way).close();
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(700));
      began = System.nanoTime();
      assertDenied(proxied, new Account(account.user(), "another"), way);
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    }
  }

  /** A plugin whose proof cannot be made a second time; MariaDB has none of these built in. */
  @EngineTest(Engine.MYSQL)
  void strangePluginIsNamed(Database database) throws SQLException {
    database.execute("CREATE USER strange IDENTIFIED WITH sha256_password BY 'x'");
    try (var proxied = learning(database)) {
      assertThatThrownBy(() -> proxied.connect(new Account("strange", "x"), WAYS.getFirst()))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("sha256_password")
          .hasMessageContaining("Give the account");
      var account = database.createUser("plain", "SELECT ON {schema}.*");
      proxied.connect(account, WAYS.getFirst()).close();
    } finally {
      database.execute("DROP USER strange");
    }
  }

  /** Old proofs do not do; a sealed password does, a broken seal does not. */
  @EngineTest
  void clientIsLedToTellItsPassword(Database database) throws Exception {
    var account = database.createUser("led", "SELECT ON {schema}.*");
    try (var proxied = learning(database)) {
      for (boolean broken : new boolean[] {true, false}) {
        try (var client = new RawClient(proxied.proxy.address())) {
          byte[] answer =
              client.login(account.user(), account.password(), database.schema(), RawClient.PLAIN);
          var wanted = AuthSwitch.decode(RawClient.reader(answer));
          assertThat(wanted.plugin()).isEqualTo("caching_sha2_password");
          byte[] nonce = wanted.nonce().toArray();
          Bytes proof = RawClient.newProof(account.password(), nonce);
          client.send(3, writer -> writer.bytes(proof));
          assertThat(client.read()).containsExactly(1, 4);
          client.send(5, writer -> writer.int1(2));
          byte[] sealed = seal(account.password(), nonce, client.read());
          if (broken) {
            sealed[9] ^= 1;
          }
          client.send(7, writer -> writer.bytes(Bytes.of(sealed)));
          byte[] last = client.read();
          if (broken) {
            assertThat(ErrPacket.decode(RawClient.reader(last)).code()).isEqualTo(1045);
            assertThat(client.closed()).isTrue();
          } else {
            assertThat(last[0]).isZero();
          }
        }
      }
    }
  }

  /** Without settings the proxy has no account of its own to take leave as. */
  @EngineTest
  void nobodyNeedsToBeKnown(Database database) throws Exception {
    try (var proxied = new ProxiedDatabase(database, TLS, new Accounts(Map.of(), true))) {
      try (var client = new RawClient(proxied.proxy.address())) {
        assertThat(client.greeting().connectionId()).isPositive();
      }
      proxied.connect(WAYS.getFirst()).close();
    }
  }

  private static ProxiedDatabase learning(Database database) {
    var known = ProxiedDatabase.known(database);
    return new ProxiedDatabase(database, TLS, new Accounts(known.secrets(), true));
  }

  private static Account oldAccount(Database database, Engine engine) {
    database.execute(
        "CREATE USER other_2 IDENTIFIED "
            + (engine == Engine.MYSQL ? "WITH mysql_native_password " : "")
            + "BY 'Gr\u00fc\u00df Gott'",
        "GRANT SELECT ON *.* TO other_2");
    return new Account("other_2", "Gr\u00fc\u00df Gott");
  }

  private static void assertDenied(ProxiedDatabase proxied, Account account, String way) {
    assertThatThrownBy(() -> proxied.connect(account, way).close())
        .isInstanceOfSatisfying(
            SQLException.class, failure -> assertThat(failure.getErrorCode()).isEqualTo(1045));
  }

  private static byte[] seal(String password, byte[] nonce, byte[] answer)
      throws IOException, GeneralSecurityException {
    String pem = new String(answer, 1, answer.length - 1, StandardCharsets.US_ASCII);
    byte[] key =
        Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", "").replace("\n", ""));
    byte[] text = (password + '\0').getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < text.length; i++) {
      text[i] ^= nonce[i % nonce.length];
    }
    var cipher = Cipher.getInstance("RSA/ECB/OAEPWithSHA-1AndMGF1Padding");
    cipher.init(
        Cipher.ENCRYPT_MODE,
        KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(key)));
    return cipher.doFinal(text);
  }
}
