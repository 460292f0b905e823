package dev.halcyon.pair.start;

import dev.halcyon.model.Engine;
import dev.halcyon.mysql.Link;
import dev.halcyon.mysql.Session;
import dev.halcyon.sql.Sql;

/**
 * The statements by which a server begins to follow another one.
 *
 * @param user of replication, who is made on both servers if he is not there
 */
record Replication(String user, String password) {
  private static final int RETRY_SECONDS = 5;

  /** The session must be one that does not log. */
  void makeAccount(Session session) {
    var account = Sql.literal(user) + "@'%'";
    Secret.execute(
        session,
        "CREATE USER IF NOT EXISTS " + account + " IDENTIFIED BY " + Sql.literal(password),
        "create account " + account);
    session.execute("GRANT REPLICATION SLAVE ON *.* TO " + account);
  }

  /** The server forgets what it has logged, and which transactions it has. */
  static void forget(Session session) {
    var renamed = session.engine() == Engine.MYSQL && session.version().atLeast(8, 2, 0);
    session.execute(renamed ? "RESET BINARY LOGS AND GTIDS" : "RESET MASTER");
  }

  /** The copy counts as having executed this. */
  static void standAt(Session copy, String position) {
    switch (copy.engine()) {
      case MARIADB -> copy.execute("SET GLOBAL gtid_slave_pos = " + Sql.literal(position));
      case MYSQL -> {
        if (!position.isEmpty()) {
          copy.execute("SET GLOBAL gtid_purged = " + Sql.literal(position));
        }
      }
    }
  }

  /** From the place where the replica is; a link that is there is made anew. */
  void follow(Session replica, Side source) {
    var words = words(replica);
    if (!Link.into(replica).isEmpty()) {
      replica.execute("STOP " + words.replica());
      replica.execute("RESET " + words.replica() + " ALL");
    }
    var access = source.server().replicationAccess();
    Secret.execute(
        replica,
        ("CHANGE %1$s TO %2$s_HOST = %3$s, %2$s_PORT = %4$d, %2$s_USER = %5$s,"
                + " %2$s_PASSWORD = %6$s, %2$s_CONNECT_RETRY = %7$d, %2$s_SSL = %8$d, %9$s")
            .formatted(
                words.change(),
                words.source(),
                Sql.literal(access.host()),
                access.port(),
                Sql.literal(user),
                Sql.literal(password),
                RETRY_SECONDS,
                encrypted(source.session()) ? 1 : 0,
                words.options()),
        "follow " + source);
    replica.execute("START " + words.replica());
  }

  /** Whether the server has given us TLS, so that it gives it to its replica, too. */
  private static boolean encrypted(Session session) {
    return session
        .first("SHOW SESSION STATUS LIKE 'Ssl_cipher'")
        .map(row -> row.stringOrNull(2))
        .filter(cipher -> !cipher.isEmpty())
        .isPresent();
  }

  private record Words(String change, String source, String replica, String options) {}

  private static Words words(Session session) {
    return switch (session.engine()) {
      case MARIADB ->
          new Words(
              "MASTER",
              "MASTER",
              "SLAVE",
              "MASTER_USE_GTID = slave_pos, MASTER_SSL_VERIFY_SERVER_CERT = 0");
      case MYSQL ->
          session.version().atLeast(8, 0, 23)
              ? new Words(
                  "REPLICATION SOURCE",
                  "SOURCE",
                  "REPLICA",
                  "SOURCE_AUTO_POSITION = 1, GET_SOURCE_PUBLIC_KEY = 1")
              : new Words(
                  "MASTER",
                  "MASTER",
                  "SLAVE",
                  "MASTER_AUTO_POSITION = 1, GET_MASTER_PUBLIC_KEY = 1");
    };
  }
}
