package dev.halcyon.proxy;

import dev.halcyon.model.Engine;
import dev.halcyon.proxy.Traffic.Decision;
import dev.halcyon.proxy.Traffic.LeaseEnd;
import dev.halcyon.proxy.login.Accounts;
import dev.halcyon.proxy.login.Secret;
import dev.halcyon.proxy.tls.TlsSettings;
import dev.halcyon.testing.ServerPair;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;

/**
 * A proxy before a pair of servers, with an account for clients that a fence stops, and one of its
 * own that may do nothing but what docs/proxy.md asks for.
 */
public record ProxiedPair(Proxy proxy) implements AutoCloseable {
  private static final String CLIENT = "client";
  private static final String OWN = "halcyon";
  private static final String PASSWORD = "secret of a pair";

  public static ProxiedPair start(ServerPair pair) {
    return start(pair, _ -> Decision.KEEP_HOLDING);
  }

  public static ProxiedPair start(ServerPair pair, LeaseEnd leaseEnd) {
    createAccounts(pair);
    return another(pair, leaseEnd, "a");
  }

  /**
   * One more, whose clients have the accounts of the first one.
   *
   * @param first the server that it leads clients to
   */
  public static ProxiedPair another(ServerPair pair, LeaseEnd leaseEnd, String first) {
    var loopback = InetAddress.getLoopbackAddress();
    return new ProxiedPair(
        Proxy.start(
            new ProxySettings(
                new InetSocketAddress(loopback, 0),
                Map.of(
                    "a", new InetSocketAddress(loopback, pair.server("a").port()),
                    "b", new InetSocketAddress(loopback, pair.server("b").port())),
                first,
                new Accounts(Map.of(CLIENT, Secret.of(PASSWORD), OWN, Secret.of(PASSWORD))),
                TlsSettings.NONE),
            leaseEnd));
  }

  private static void createAccounts(ServerPair pair) {
    for (var user : new String[] {CLIENT, OWN}) {
      pair.execute("a", "CREATE USER %s@'%%' IDENTIFIED BY '%s'".formatted(user, PASSWORD));
    }
    pair.execute("a", "GRANT ALL ON " + Ledger.SCHEMA + ".* TO " + CLIENT + "@'%'");
    if (pair.server("a").engine() == Engine.MYSQL) {
      pair.execute(
          "a",
          "GRANT SELECT ON performance_schema.user_variables_by_thread TO " + OWN + "@'%'",
          "GRANT SELECT ON performance_schema.threads TO " + OWN + "@'%'");
    }
  }

  /** See {@link MixedClients.Door}. */
  public Connection open(String driver, String options) throws SQLException {
    var plain = driver.equals("mysql") ? "sslMode=DISABLED" : "sslMode=disable";
    return DriverManager.getConnection(
        "jdbc:%s://127.0.0.1:%d/%s?%s&allowPublicKeyRetrieval=true&socketTimeout=60000%s"
            .formatted(driver, proxy.address().getPort(), Ledger.SCHEMA, plain, options),
        CLIENT,
        PASSWORD);
  }

  @Override
  public void close() {
    proxy.close();
  }
}
