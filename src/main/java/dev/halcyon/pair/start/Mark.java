package dev.halcyon.pair.start;

import dev.halcyon.mysql.Session;
import java.util.Optional;

/**
 * What says on the server that is being made a copy that everything there is Halcyon's and half
 * done: a schema of its own, never replicated, gone at the end.
 *
 * @param active the server that is copied, as it names itself
 * @param copied whether all rows are there and only the links are missing
 */
record Mark(String active, boolean copied) {
  static final String SCHEMA = "halcyon_pair_init";

  static Optional<Mark> read(Session session) {
    var there =
        session.first(
            "SELECT 1 FROM information_schema.tables WHERE table_schema = ? AND table_name ="
                + " 'mark'",
            SCHEMA);
    return there.isEmpty()
        ? Optional.empty()
        : session
            .first("SELECT active AS active, copied AS copied FROM " + SCHEMA + ".mark")
            .map(row -> new Mark(row.string("active"), row.isTrue("copied")));
  }

  /** The session must be one that does not log. */
  void write(Session session) {
    session.execute("CREATE DATABASE IF NOT EXISTS " + SCHEMA);
    session.execute(
        "CREATE TABLE IF NOT EXISTS "
            + SCHEMA
            + ".mark (id INT PRIMARY KEY, active VARCHAR(400) NOT NULL, copied INT NOT NULL)"
            + " ENGINE = InnoDB DEFAULT CHARSET = utf8mb4");
    var _ =
        session.update("REPLACE INTO " + SCHEMA + ".mark VALUES (1, ?, ?)", active, copied ? 1 : 0);
  }

  /** The session must be one that does not log. */
  static void remove(Session session) {
    session.execute("DROP DATABASE IF EXISTS " + SCHEMA);
  }

  /** The name by which a server is known again. */
  static String name(Session session) {
    return session
        .first("SELECT CONCAT(@@hostname, ':', @@port, ', server_id ', @@server_id) AS name")
        .orElseThrow()
        .string("name");
  }
}
