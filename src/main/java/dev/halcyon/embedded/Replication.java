package dev.halcyon.embedded;

import dev.halcyon.model.Engine;
import java.util.List;

/** What makes a server the replica of another one by GTIDs, for whoever has a session to say it. */
public final class Replication {
  private Replication() {}

  /** To start a server with that may be source and replica at once. */
  public static Options options(Engine engine, Options options, int serverId) {
    var numbered = options.with("server_id", Integer.toString(serverId));
    return switch (engine) {
      case MARIADB -> numbered.with("log_slave_updates", "ON").with("gtid_strict_mode", "ON");
      case MYSQL -> numbered.with("gtid_mode", "ON").with("enforce_gtid_consistency", "ON");
    };
  }

  /** For the replica to run, as the account with all privileges. */
  public static List<String> follow(EmbeddedServer source) {
    return switch (source.engine()) {
      case MARIADB ->
          List.of(
              """
              CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = %d, MASTER_USER = '%s',
                MASTER_PASSWORD = '%s', MASTER_USE_GTID = slave_pos, MASTER_CONNECT_RETRY = 1,
                MASTER_SSL = 0, MASTER_SSL_VERIFY_SERVER_CERT = 0
              """
                  .formatted(source.port(), source.user(), source.password()),
              "START SLAVE");
      case MYSQL ->
          List.of(
              """
              CHANGE REPLICATION SOURCE TO SOURCE_HOST = '127.0.0.1', SOURCE_PORT = %d,
                SOURCE_USER = '%s', SOURCE_PASSWORD = '%s', SOURCE_AUTO_POSITION = 1,
                SOURCE_CONNECT_RETRY = 1, GET_SOURCE_PUBLIC_KEY = 1
              """
                  .formatted(source.port(), source.user(), source.password()),
              "START REPLICA");
    };
  }
}
