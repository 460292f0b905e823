package dev.halcyon.journal;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.mysql.Session;
import java.util.List;

/** The tables that Halcyon keeps in the schema, and the version of their layout. */
public final class JournalTables {
  /** Raised with every change of the tables below; kept as the comment of the lease table. */
  static final int LAYOUT = 1;

  private static final String COMMENT = "Halcyon layout ";

  private static final String OPTIONS = ") ENGINE=InnoDB DEFAULT CHARSET=utf8mb4";
  private static final String VERSION =
      "version VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL";
  private static final String HASH = "CHAR(64) CHARACTER SET ascii COLLATE ascii_bin";
  private static final String LABEL = "VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL";

  /** In the order in which they are created; the lease comes last because it tells the layout. */
  private static final List<String> CREATE =
      List.of(
          """
          CREATE TABLE IF NOT EXISTS halcyon_expand_version (
            %s,
            description VARCHAR(500) NOT NULL,
            file_checksum %s NULL,
            plan LONGTEXT NULL,
            plan_checksum %s NULL,
            state %s,
            source VARCHAR(100) NULL,
            fence BIGINT NOT NULL,
            planned_at DATETIME(6) NOT NULL,
            expanded_at DATETIME(6) NULL,
            verified_at DATETIME(6) NULL,
            rolled_back_at DATETIME(6) NULL,
            changed_at DATETIME(6) NOT NULL,
            who VARCHAR(500) NOT NULL,
            PRIMARY KEY (version)
          """
              .formatted(VERSION, HASH, HASH, LABEL),
          """
          CREATE TABLE IF NOT EXISTS halcyon_contract_version (
            %s,
            state %s,
            gate_override TEXT NULL,
            fence BIGINT NOT NULL,
            started_at DATETIME(6) NOT NULL,
            contracted_at DATETIME(6) NULL,
            changed_at DATETIME(6) NOT NULL,
            who VARCHAR(500) NOT NULL,
            PRIMARY KEY (version)
          """
              .formatted(VERSION, LABEL),
          """
          CREATE TABLE IF NOT EXISTS halcyon_step (
            %s,
            phase %s,
            ordinal INT NOT NULL,
            step_id VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
            title TEXT NOT NULL,
            statement_hash %s NOT NULL,
            state %s,
            checkpoint TEXT NULL,
            rows_done BIGINT NOT NULL,
            error TEXT NULL,
            revision BIGINT NOT NULL,
            started_at DATETIME(6) NULL,
            finished_at DATETIME(6) NULL,
            PRIMARY KEY (version, phase, ordinal),
            UNIQUE KEY step (version, step_id)
          """
              .formatted(VERSION, LABEL, HASH, LABEL),
          """
          CREATE TABLE IF NOT EXISTS halcyon_repeatable (
            name VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
            checksum %s NOT NULL,
            applied_at DATETIME(6) NOT NULL,
            PRIMARY KEY (name)
          """
              .formatted(HASH),
          """
          CREATE TABLE IF NOT EXISTS halcyon_lease (
            id TINYINT NOT NULL,
            token BIGINT NOT NULL,
            held TINYINT NOT NULL,
            host VARCHAR(300) NOT NULL,
            process BIGINT NOT NULL,
            holder VARCHAR(300) NOT NULL,
            command VARCHAR(1000) NOT NULL,
            connections TEXT NOT NULL,
            acquired_at DATETIME(6) NOT NULL,
            heartbeat_at DATETIME(6) NOT NULL,
            revision BIGINT NOT NULL,
            PRIMARY KEY (id)
          """);

  private JournalTables() {}

  /** Names of the tables that stay when every window is closed. */
  public static List<String> names() {
    return List.of(
        "halcyon_expand_version",
        "halcyon_contract_version",
        "halcyon_step",
        "halcyon_repeatable",
        "halcyon_lease");
  }

  /** Creates what is missing. Repeating it does no harm. */
  public static void create(Session session) {
    for (var statement : CREATE) {
      var comment =
          statement.contains("halcyon_lease") ? " COMMENT='" + COMMENT + LAYOUT + "'" : "";
      session.execute(statement.strip() + "\n" + OPTIONS + comment);
    }
    session.update(
        """
        INSERT IGNORE INTO halcyon_lease (id, token, held, host, process, holder, command,
          connections, acquired_at, heartbeat_at, revision)
        VALUES (1, 0, 0, '', 0, '', '', '', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), 0)
        """);
  }

  /** Whether {@link #create} has ended in this schema. */
  public static boolean exist(Session session) {
    return layout(session) > 0 && session.first("SELECT id FROM halcyon_lease").isPresent();
  }

  /** Refuses when the tables are missing or were made by a newer Halcyon. */
  public static void check(Session session) {
    if (!exist(session)) {
      throw ErrorCode.NOT_INITIALISED.refuse(
          "The schema " + session.schema() + " has no Halcyon tables yet.",
          "Type \"halcyon init\".");
    }
    var layout = layout(session);
    if (layout != LAYOUT) {
      throw ErrorCode.STATE_WRONG.refuse(
          "The Halcyon tables of schema %s have layout %d, this program knows %d."
              .formatted(session.schema(), layout, LAYOUT),
          "Use the Halcyon that made them, or a newer one.");
    }
  }

  /** 0 when the tables are not there. */
  private static int layout(Session session) {
    return session
        .first(
            "SELECT table_comment AS words FROM information_schema.tables"
                + " WHERE table_schema = DATABASE() AND table_name = 'halcyon_lease'")
        .map(row -> row.string("words"))
        .filter(words -> words.startsWith(COMMENT))
        .map(words -> Integer.parseInt(words.substring(COMMENT.length())))
        .orElse(0);
  }
}
