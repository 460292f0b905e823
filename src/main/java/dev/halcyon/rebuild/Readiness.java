package dev.halcyon.rebuild;

import dev.halcyon.binlog.WatchedTable;
import dev.halcyon.model.Column;
import dev.halcyon.model.Engine;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Finding;
import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.ServerChecks;
import dev.halcyon.mysql.Session;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What of the server stands against capturing changes, each with the statement that mends it. */
final class Readiness {
  private Readiness() {}

  static void check(Session session, String schema, CaptureBy by, List<Finding> findings) {
    switch (by) {
      case LOG -> checkLog(session, findings);
      case TRIGGERS -> {
        findings.addAll(ServerChecks.triggers(session, schema));
        checkStatementFormat(session, findings);
      }
    }
    SoleWriter.check(session, by, findings);
  }

  /** Replicas would run the triggers themselves, and number what these write in their own way. */
  private static void checkStatementFormat(Session session, List<Finding> findings) {
    var variables = variables(session);
    if ("ON".equals(variables.get("log_bin"))
        && "STATEMENT".equals(variables.get("binlog_format"))) {
      findings.add(
          Finding.error(
              ErrorCode.SERVER_SETTING.code(),
              null,
              "The server has binlog_format=STATEMENT; replicas would run the triggers of a rebuild"
                  + " themselves, with other results.",
              "SET GLOBAL binlog_format = 'ROW', and have the application connect again"));
    }
  }

  private static void checkLog(Session session, List<Finding> findings) {
    var variables = variables(session);
    require(
        findings,
        variables,
        "log_bin",
        "ON",
        "Start the server with log_bin=binlog and binlog_format=ROW.");
    require(findings, variables, "binlog_format", "ROW", "SET GLOBAL binlog_format = ROW.");
    require(findings, variables, "binlog_row_image", "FULL", "SET GLOBAL binlog_row_image = FULL.");
    require(
        findings,
        variables,
        "binlog_row_value_options",
        "",
        "SET GLOBAL binlog_row_value_options = ''.");
    require(
        findings, variables, "binlog_order_commits", "ON", "SET GLOBAL binlog_order_commits = ON.");
    xa(session, findings);
    mayRead(session, findings);
  }

  private static Map<String, String> variables(Session session) {
    return session
        .query(
            "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('log_bin', 'binlog_format',"
                + " 'binlog_row_image', 'binlog_row_value_options', 'binlog_order_commits')")
        .stream()
        .collect(
            Collectors.toMap(
                row -> row.string(1).toLowerCase(Locale.ROOT),
                row -> row.string(2).toUpperCase(Locale.ROOT)));
  }

  private static void require(
      List<Finding> findings,
      Map<String, String> variables,
      String name,
      String value,
      String remedy) {
    var now = variables.getOrDefault(name, value);
    if (!now.equals(value)) {
      findings.add(
          Finding.error(
              ErrorCode.SERVER_SETTING.code(),
              null,
              "The server has %s=%s, a rebuild needs '%s'.".formatted(name, now, value),
              remedy + CaptureBy.INSTEAD));
    }
  }

  /** Changes of a transaction that is prepared stand in the log before it is known to commit. */
  private static void xa(Session session, List<Finding> findings) {
    if (xaPrepared(session)) {
      findings.add(
          Finding.error(
              ErrorCode.SERVER_SETTING.code(),
              null,
              "XA transactions are prepared and not ended; their changes could be missed.",
              "End those that XA RECOVER lists." + CaptureBy.INSTEAD));
    }
  }

  private static boolean xaPrepared(Session session) {
    try {
      return session.first("XA RECOVER").isPresent();
    } catch (Fault.Refused mayNotSee) {
      // MySQL without XA_RECOVER_ADMIN: nothing can be said; the stream refuses later ones.
      return false;
    }
  }

  private static void mayRead(Session session, List<Finding> findings) {
    var grants =
        session.query("SHOW GRANTS").stream()
            .map(row -> row.string(1).toUpperCase(Locale.ROOT))
            .filter(line -> line.contains(" ON *.* "))
            .toList();
    var client = session.engine() == Engine.MARIADB ? "BINLOG MONITOR" : "REPLICATION CLIENT";
    for (var privilege : List.of("REPLICATION SLAVE", client)) {
      var held =
          grants.stream()
              .anyMatch(l -> l.contains(privilege) || l.startsWith("GRANT ALL PRIVILEGES"));
      if (!held) {
        findings.add(
            Finding.error(
                ErrorCode.GRANT_MISSING.code(),
                null,
                "The account may not read the binary log: " + privilege + " is missing.",
                "GRANT " + privilege + " ON *.* TO the account." + CaptureBy.INSTEAD));
      }
    }
  }

  /** Whether the log's form of the column's values is understood. */
  static boolean readable(Column column) {
    return column.generated() != null || WatchedTable.readable(column);
  }
}
