package dev.halcyon.mysql;

import dev.halcyon.model.Engine;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Finding;
import dev.halcyon.sql.Sql;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What of the server and the account stands against a run, each with the statement that mends it.
 * Reads only, but for setting sql_log_bin of its own session off and on. For one thread.
 */
public final class ServerChecks {
  /** What a run does in the schema, and what a rehearsal does in scratch schemas. */
  private static final List<String> NEEDED =
      List.of(
          "SELECT",
          "INSERT",
          "UPDATE",
          "DELETE",
          "CREATE",
          "ALTER",
          "DROP",
          "INDEX",
          "REFERENCES",
          "TRIGGER",
          "CREATE VIEW",
          "SHOW VIEW",
          "LOCK TABLES");

  /** Measured; any BEFORE INSERT trigger does it, whatever its body. */
  private static final List<String> LOSES_VALUES = List.of("11.4.5");

  private static final String A_SCRATCH_SCHEMA = "halcyon_scratch_1";
  private static final String SCRATCH_PATTERN = "halcyon\\_scratch\\_%";

  private final Session session;
  private final Grants grants;
  private final Map<String, String> variables;
  private final List<Finding> findings = new ArrayList<>();

  private ServerChecks(Session session) {
    this.session = session;
    this.grants = Grants.read(session);
    this.variables =
        session
            .query(
                "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('binlog_format',"
                    + " 'default_storage_engine', 'explicit_defaults_for_timestamp',"
                    + " 'innodb_read_only', 'log_bin', 'log_bin_trust_function_creators',"
                    + " 'lower_case_table_names', 'read_only', 'sql_mode', 'super_read_only')")
            .stream()
            .collect(
                Collectors.toMap(
                    row -> row.string(1).toLowerCase(Locale.ROOT), row -> row.string(2)));
  }

  /**
   * All findings at once, errors first: HAL-114 version, HAL-115 read-only, HAL-116 grants, HAL-117
   * settings. An error blocks a run, a warning does not.
   */
  public static List<Finding> check(Session session) {
    var checks = new ServerChecks(session);
    checks.version();
    checks.readOnly();
    checks.privileges();
    checks.triggersUnderBinaryLog();
    checks.sqlMode();
    checks.binaryLogFormat();
    checks.storageEngine();
    checks.rehearsalsInBinaryLog();
    checks.small();
    checks.findings.sort(Comparator.comparing(Finding::level));
    return List.copyOf(checks.findings);
  }

  /** What stands against triggers on tables of the schema, as {@link #check} would say it. */
  public static List<Finding> triggers(Session session, String schema) {
    var checks = new ServerChecks(session);
    if (!checks.grants.on(schema, "TRIGGER")) {
      checks.add(
          Finding.Level.ERROR,
          ErrorCode.GRANT_MISSING,
          "The account lacks TRIGGER on schema " + schema + ".",
          "GRANT TRIGGER ON %s.* TO %s".formatted(Sql.name(schema), checks.account()));
    }
    checks.triggersUnderBinaryLog();
    return List.copyOf(checks.findings);
  }

  private void version() {
    var version = session.version();
    var mysql = session.engine() == Engine.MYSQL;
    if (mysql && version.toString().equals("8.0.29")) {
      add(
          Finding.Level.WARNING,
          ErrorCode.ENGINE_UNSUPPORTED,
          "MySQL 8.0.29 can damage tables that were altered with ALGORITHM=INSTANT; it was withdrawn.",
          "Upgrade to MySQL 8.0.30 or later.");
    }
    if (!mysql && LOSES_VALUES.contains(version.toString())) {
      add(
          Finding.Level.INFORMATION,
          ErrorCode.SERVER_SETTING,
          "MariaDB "
              + version
              + " can lose values of NOT NULL columns in an INSERT … SELECT of several rows into a"
              + " table with a BEFORE INSERT trigger: error 1048, or 0 and '' without strict mode."
              + " Sync triggers are such triggers.",
          "Upgrade the server, or let the application insert with VALUES while a window is open.");
    }
    var newest = mysql ? version.atLeast(10, 0, 0) : version.atLeast(11, 9, 0);
    if (newest) {
      add(
          Finding.Level.INFORMATION,
          ErrorCode.ENGINE_UNSUPPORTED,
          session.engine().label() + " " + version + " is newer than what Halcyon is tested with.",
          "");
    }
  }

  private void readOnly() {
    for (var variable : List.of("innodb_read_only", "super_read_only")) {
      if (on(variable)) {
        add(
            Finding.Level.ERROR,
            ErrorCode.READ_ONLY,
            "The server is read-only (" + variable + ").",
            variable.equals("innodb_read_only")
                ? "Connect to the source, not to a replica or a reader endpoint."
                : "Connect to the source, or run: SET GLOBAL super_read_only = OFF");
        return;
      }
    }
    // MariaDB 12 has further words than ON.
    var value = variables.getOrDefault("read_only", "OFF");
    if (value.equalsIgnoreCase("OFF") || value.equals("0")) {
      return;
    }
    var superSuffices = !session.version().atLeast(10, 11, 0);
    var mayWrite =
        Grants.pastReadOnly(session.engine(), superSuffices).stream().anyMatch(grants::global);
    add(
        mayWrite ? Finding.Level.WARNING : Finding.Level.ERROR,
        ErrorCode.READ_ONLY,
        mayWrite
            ? "The server is read-only for applications (read_only = "
                + value
                + "); this account may write nevertheless. A replica would drift from its source."
            : "The server is read-only (read_only = " + value + ").",
        "Connect to the source, or run: SET GLOBAL read_only = OFF");
  }

  private void privileges() {
    var schema = session.schema();
    missing(schema, schema.replace("\\", "\\\\").replace("_", "\\_").replace("%", "\\%"), "");
    missing(A_SCRATCH_SCHEMA, SCRATCH_PATTERN, " for rehearsals");
  }

  private void missing(String schema, String pattern, String purpose) {
    var missing = NEEDED.stream().filter(privilege -> !grants.on(schema, privilege)).toList();
    if (missing.isEmpty()) {
      return;
    }
    // With partial revokes a pattern in a grant is a plain name.
    var target =
        grants.wildcards()
            ? Sql.name(pattern) + ".*"
            : schema.equals(A_SCRATCH_SCHEMA) ? "*.*" : Sql.name(schema) + ".*";
    add(
        Finding.Level.ERROR,
        ErrorCode.GRANT_MISSING,
        "The account lacks %s on %s%s."
            .formatted(
                String.join(", ", missing),
                schema.equals(A_SCRATCH_SCHEMA) ? "schemas halcyon_scratch_…" : "schema " + schema,
                purpose),
        // All of them: a grant with the name in this spelling hides one with a wider pattern.
        "GRANT %s ON %s TO %s".formatted(String.join(", ", NEEDED), target, account()));
  }

  private void triggersUnderBinaryLog() {
    if (on("log_bin") && !on("log_bin_trust_function_creators") && !grants.global("SUPER")) {
      add(
          Finding.Level.ERROR,
          ErrorCode.GRANT_MISSING,
          "The binary log is on, and then the server lets only accounts with SUPER create triggers"
              + " (error 1419).",
          "SET GLOBAL log_bin_trust_function_creators = ON");
    }
  }

  private void sqlMode() {
    var mode = variables.getOrDefault("sql_mode", "");
    if (!mode.contains("STRICT_TRANS_TABLES") && !mode.contains("STRICT_ALL_TABLES")) {
      add(
          Finding.Level.WARNING,
          ErrorCode.SERVER_SETTING,
          "sql_mode is not strict: values that do not fit a column are cut without an error.",
          "SET GLOBAL sql_mode = CONCAT_WS(',', NULLIF(@@GLOBAL.sql_mode, ''),"
              + " 'STRICT_TRANS_TABLES')");
    }
  }

  private void binaryLogFormat() {
    var format = variables.getOrDefault("binlog_format", "ROW");
    if (on("log_bin") && format.equalsIgnoreCase("STATEMENT")) {
      add(
          Finding.Level.WARNING,
          ErrorCode.SERVER_SETTING,
          "binlog_format is STATEMENT: replicas run sync triggers again, with their own clock and"
              + " order, and may come to other values.",
          "SET GLOBAL binlog_format = 'ROW'");
    }
  }

  private void storageEngine() {
    var engine = variables.getOrDefault("default_storage_engine", "InnoDB");
    if (!engine.equalsIgnoreCase("InnoDB")) {
      add(
          Finding.Level.WARNING,
          ErrorCode.SERVER_SETTING,
          "New tables are made in " + engine + ", which Halcyon does not work with.",
          "SET GLOBAL default_storage_engine = 'InnoDB'");
    }
  }

  private void rehearsalsInBinaryLog() {
    if (!on("log_bin")) {
      return;
    }
    try {
      session.execute("SET SESSION sql_log_bin = 0");
      session.execute("SET SESSION sql_log_bin = 1");
    } catch (Fault.Refused refused) {
      add(
          Finding.Level.INFORMATION,
          ErrorCode.GRANT_MISSING,
          "The account may not set sql_log_bin, so the scratch schemas of rehearsals pass through"
              + " the binary log to replicas and change feeds.",
          session.engine() == Engine.MYSQL
              ? "GRANT SESSION_VARIABLES_ADMIN ON *.* TO " + account()
              : "GRANT BINLOG ADMIN ON *.* TO " + account());
    }
  }

  private void small() {
    if (!grants.global("PROCESS")) {
      add(
          Finding.Level.INFORMATION,
          ErrorCode.GRANT_MISSING,
          "The account cannot see other accounts' transactions, so a run that waits for a lock does"
              + " not say who holds it.",
          "GRANT PROCESS ON *.* TO " + account());
    }
    var letterCase = variables.getOrDefault("lower_case_table_names", "0");
    if (!letterCase.equals("0")) {
      add(
          Finding.Level.INFORMATION,
          ErrorCode.SERVER_SETTING,
          "Table names are compared without letter case (lower_case_table_names = "
              + letterCase
              + ").",
          "");
    }
    if (!on("explicit_defaults_for_timestamp")) {
      add(
          Finding.Level.INFORMATION,
          ErrorCode.SERVER_SETTING,
          "A TIMESTAMP column without NULL and DEFAULT gets both from the server"
              + " (explicit_defaults_for_timestamp = OFF).",
          "Write NULL or NOT NULL and DEFAULT with each TIMESTAMP column.");
    }
  }

  private void add(Finding.Level level, ErrorCode code, String message, String remedy) {
    findings.add(new Finding(code.code(), level, null, message, remedy));
  }

  private boolean on(String variable) {
    var value = variables.getOrDefault(variable, "OFF");
    return value.equalsIgnoreCase("ON") || value.equals("1");
  }

  /** {@code 'user'@'host'}. */
  private String account() {
    var current = session.first("SELECT CURRENT_USER()").orElseThrow().string(1);
    var at = current.lastIndexOf('@');
    return Sql.literal(current.substring(0, at)) + "@" + Sql.literal(current.substring(at + 1));
  }
}
