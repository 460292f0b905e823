package dev.halcyon.cli;

import dev.halcyon.deploy.Status;
import dev.halcyon.lint.KnownSchema;
import dev.halcyon.lint.KnownTable;
import dev.halcyon.lint.Target;
import dev.halcyon.model.ChangeState;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Refusal;
import dev.halcyon.model.Version;
import dev.halcyon.model.View;
import dev.halcyon.mysql.Catalog;
import dev.halcyon.mysql.Session;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a server tells the rules.
 *
 * @param begun changes whose statements the schema has already, or half of them
 * @param ended those of them that are wholly done
 */
record ServerSchema(KnownSchema schema, Target target, Set<Version> begun, Set<Version> ended) {
  static ServerSchema read(Workplace workplace, LintSettings settings) {
    try (var session = workplace.server().open("lint")) {
      String schema = session.schema();
      List<String> names =
          Catalog.tableNames(session, schema).stream().filter(n -> !isOurs(n)).toList();
      var known =
          new KnownSchema(
              true,
              Catalog.tables(session, schema, names).values().stream().map(KnownTable::of).toList(),
              views(session, schema));
      var target =
          new Target(
              session.engine(), session.version(), log(session), settings.target().copyRows());
      List<Status.Change> changes = changes(workplace);
      return new ServerSchema(
          known,
          target,
          versions(changes, Set.of(ChangeState.PENDING, ChangeState.ROLLED_BACK), false),
          versions(changes, Set.of(ChangeState.CONTRACTED), true));
    }
  }

  private static boolean isOurs(String name) {
    return name.startsWith("halcyon_") || name.startsWith("hal_");
  }

  private static Map<String, String> views(Session session, String schema) {
    return Catalog.views(session, schema).values().stream()
        .filter(v -> !isOurs(v.name()))
        .collect(Collectors.toMap(View::name, View::definition));
  }

  /** A server without a binary log has no replicas that could come to differ. */
  private static Target.Log log(Session session) {
    return session
        .first("SELECT IF(@@log_bin, @@binlog_format, 'ROW') AS format")
        .map(row -> Target.Log.valueOf(row.string("format")))
        .orElse(Target.Log.UNKNOWN);
  }

  /** None where Halcyon has not been before. */
  private static List<Status.Change> changes(Workplace workplace) {
    try {
      return workplace.deployment().status().changes();
    } catch (Refusal refusal) {
      boolean unused =
          refusal.findings().stream()
              .anyMatch(f -> f.code().equals(ErrorCode.NOT_INITIALISED.code()));
      if (unused) {
        return List.of();
      }
      throw refusal;
    }
  }

  private static Set<Version> versions(
      List<Status.Change> changes, Set<ChangeState> states, boolean in) {
    return changes.stream()
        .filter(c -> states.contains(c.state()) == in)
        .map(Status.Change::version)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
