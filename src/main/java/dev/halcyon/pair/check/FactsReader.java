package dev.halcyon.pair.check;

import dev.halcyon.model.Engine;
import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.Link;
import dev.halcyon.mysql.OpenRebuilds;
import dev.halcyon.mysql.Row;
import dev.halcyon.mysql.Session;
import dev.halcyon.pair.Fence;
import dev.halcyon.pair.Member;
import dev.halcyon.pair.check.MemberFacts.AtStart;
import dev.halcyon.pair.check.MemberFacts.Privileged;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/** Reads what one server says of itself. Changes nothing. */
final class FactsReader {
  private static final String SYSTEM =
      "('mysql', 'sys', 'information_schema', 'performance_schema')";

  private static final String KEYLESS =
      "SELECT CONCAT(t.table_schema, '.', t.table_name) AS name FROM information_schema.tables t"
          + " LEFT JOIN information_schema.table_constraints c"
          + " ON c.table_schema = t.table_schema AND c.table_name = t.table_name"
          + " AND c.constraint_type = 'PRIMARY KEY'"
          + " WHERE t.table_type = 'BASE TABLE' AND c.table_name IS NULL AND t.table_schema NOT IN "
          + SYSTEM
          + " AND LEFT(t.table_schema, 16) <> 'halcyon_scratch_' ORDER BY 1";

  private static final String EVENTS =
      "SELECT CONCAT(event_schema, '.', event_name) AS name FROM information_schema.events"
          + " WHERE status = 'ENABLED' ORDER BY 1";

  /** What the engines themselves need. */
  private static final Set<String> OWN =
      Set.of("mysql.session", "mysql.sys", "mysql.infoschema", "mariadb.sys");

  private final Member member;
  private final Session session;

  FactsReader(Member member, Session session) {
    this.member = member;
    this.session = session;
  }

  /**
   * @param errant what only this server has
   */
  MemberFacts read(String errant) {
    var variables = variables();
    var links = Link.into(session);
    return new MemberFacts(
        member.name(),
        session.engine(),
        session.version(),
        variables,
        Fence.closed(session),
        atStart(),
        links,
        logFilters(),
        names(KEYLESS),
        names(EVENTS),
        prepared(),
        privileged(),
        errant,
        OpenRebuilds.of(session));
  }

  private Map<String, String> variables() {
    var variables = new TreeMap<String, String>();
    for (Row row : session.query("SHOW GLOBAL VARIABLES")) {
      variables.put(
          row.string(1).toLowerCase(Locale.ROOT),
          Objects.requireNonNullElse(row.stringOrNull(2), ""));
    }
    return variables;
  }

  private List<String> names(String sql) {
    return session.query(sql).stream().map(row -> row.string("name")).toList();
  }

  private AtStart atStart() {
    return switch (session.engine()) {
      case MARIADB -> ofMariaDb();
      case MYSQL -> ofMySql();
    };
  }

  private AtStart ofMariaDb() {
    var row =
        session
            .first(
                "SELECT global_value_origin AS origin, global_value AS value"
                    + " FROM information_schema.system_variables"
                    + " WHERE variable_name = 'READ_ONLY'")
            .orElseThrow();
    return switch (row.string("origin")) {
      case "SQL" -> AtStart.UNKNOWN;
      case "COMPILE-TIME" -> AtStart.OPEN;
      default -> fenced(row.string("value"));
    };
  }

  private AtStart ofMySql() {
    try {
      var persisted =
          session.first(
              "SELECT variable_value AS value FROM performance_schema.persisted_variables"
                  + " WHERE variable_name = 'super_read_only'");
      if (persisted.isPresent()) {
        return fenced(persisted.get().string("value"));
      }
      var row =
          session.first(
              "SELECT variable_source AS source, @@GLOBAL.super_read_only AS value"
                  + " FROM performance_schema.variables_info"
                  + " WHERE variable_name = 'super_read_only'");
      if (row.isEmpty() || row.get().string("source").equals("DYNAMIC")) {
        return AtStart.UNKNOWN;
      }
      return fenced(row.get().string("value"));
    } catch (Fault.Refused hidden) {
      // Without performance_schema, or without the privilege.
      return AtStart.UNKNOWN;
    }
  }

  private static AtStart fenced(String value) {
    return value.equals("1") || value.equalsIgnoreCase("ON") ? AtStart.FENCED : AtStart.OPEN;
  }

  private List<String> logFilters() {
    var renamed = session.engine() == Engine.MYSQL && session.version().atLeast(8, 2, 0);
    var filters = new ArrayList<String>();
    session
        .first(renamed ? "SHOW BINARY LOG STATUS" : "SHOW MASTER STATUS")
        .ifPresent(
            row -> {
              for (var column : List.of("Binlog_Do_DB", "Binlog_Ignore_DB")) {
                var value = Objects.requireNonNullElse(row.stringOrNull(column), "");
                if (!value.isEmpty()) {
                  filters.add(column.toLowerCase(Locale.ROOT) + " = " + value);
                }
              }
            });
    return filters;
  }

  private List<String> prepared() {
    return session.query("XA RECOVER").stream()
        .map(row -> Objects.requireNonNullElse(row.stringOrNull("data"), "?"))
        .toList();
  }

  private List<Privileged> privileged() {
    var current = session.first("SELECT CURRENT_USER() AS me").orElseThrow().string("me");
    int at = current.lastIndexOf('@');
    var me = current.substring(0, at);
    var found = new TreeMap<String, Privileged>();
    for (Row row :
        session.query(
            "SELECT grantee AS account, privilege_type AS privilege"
                + " FROM information_schema.user_privileges WHERE privilege_type IN "
                + privileges())) {
      var account = row.string("account");
      var user = account.substring(1, Math.max(1, account.lastIndexOf("'@'")));
      if (!user.equals(me) && !OWN.contains(user)) {
        found.putIfAbsent(
            account, new Privileged(account, row.string("privilege"), sessions(user)));
      }
    }
    return List.copyOf(found.values());
  }

  private String privileges() {
    return switch (session.engine()) {
      case MYSQL -> "('CONNECTION_ADMIN', 'SUPER')";
      case MARIADB ->
          session.version().atLeast(10, 11, 0)
              ? "('READ_ONLY ADMIN', 'READ ONLY ADMIN')"
              : "('READ_ONLY ADMIN', 'READ ONLY ADMIN', 'SUPER')";
    };
  }

  private long sessions(String user) {
    return session
        .first(
            "SELECT COUNT(*) AS n FROM information_schema.processlist WHERE user = ?"
                + " AND id <> CONNECTION_ID() AND command NOT LIKE 'Binlog Dump%'",
            user)
        .orElseThrow()
        .longValue("n");
  }
}
