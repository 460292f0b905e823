package dev.halcyon.deploy;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Phase;
import dev.halcyon.model.Refusal;
import dev.halcyon.model.TableSchema;
import dev.halcyon.mysql.Catalog;
import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.Scratch;
import dev.halcyon.mysql.Server;
import dev.halcyon.plan.Plan;
import dev.halcyon.plan.Step;
import dev.halcyon.rebuild.CaptureBy;
import dev.halcyon.rebuild.Rebuild;
import dev.halcyon.sql.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Tries the rebuilds of a plan out, each on an empty copy of its table as it will be when the step
 * comes, so that what a rebuild refuses is refused with the plan.
 */
final class RebuildExamination {
  private final Server server;

  private final CaptureBy capture;

  RebuildExamination(Server server, CaptureBy capture) {
    this.server = server;
    this.capture = capture;
  }

  /**
   * @throws Refusal HAL-306 with everything that stands against any of them
   */
  void require(Plan plan) {
    var findings = new ArrayList<Finding>();
    for (var phase : List.of(Phase.EXPAND, Phase.CONTRACT, Phase.ROLLBACK)) {
      for (var step : plan.steps(phase)) {
        if (step instanceof Step.Rebuild rebuild) {
          examine(plan, phase, rebuild).forEach(reason -> findings.add(finding(rebuild, reason)));
        }
      }
    }
    if (!findings.isEmpty()) {
      throw new Refusal(ExitStatus.FINDINGS, findings);
    }
  }

  private static Finding finding(Step.Rebuild step, Finding reason) {
    return Finding.error(
        ErrorCode.REBUILD_NEEDED.code(),
        null,
        ("%s: the server could only do this by copying %s (about %d rows) while its writers wait,"
                + " and a rebuild cannot: %s")
            .formatted(step.title(), step.table(), step.rows(), reason.message()),
        reason.remedy() + " Or raise the limit with --copy-rows.");
  }

  private List<Finding> examine(Plan plan, Phase phase, Step.Rebuild step) {
    try (var session = server.open("checks")) {
      Optional<TableSchema> table = Catalog.table(session, plan.schema(), step.table());
      if (table.isEmpty()) {
        // A change before this one makes or renames it; then this one is planned again.
        return List.of();
      }
      try (var scratch = Scratch.open(session, plan.schema())) {
        session.execute(
            "SET SESSION sql_mode = 'NO_ENGINE_SUBSTITUTION', SESSION foreign_key_checks = 0");
        session.execute(table.get().showCreate());
        for (var before : before(plan, phase, step)) {
          session.execute(before);
        }
        // Later phases change triggers and keys before they rebuild.
        var real = phase == Phase.EXPAND ? plan.schema() : null;
        return Rebuild.examine(session, scratch.schema(), step.sql(), step.delta(), capture, real);
      } catch (Fault.Refused refused) {
        return List.of(
            Finding.error(
                ErrorCode.SERVER_REFUSED.code(),
                null,
                "it could not be tried out on a copy: " + refused.detail(),
                "Mend what the server names."));
      }
    }
  }

  /** What the plan does to the table before the step comes. */
  private static List<String> before(Plan plan, Phase phase, Step.Rebuild step) {
    var earlier =
        plan.steps(phase).stream().takeWhile(other -> !other.id().equals(step.id())).toList();
    var steps =
        phase == Phase.EXPAND
            ? earlier.stream()
            : Stream.concat(plan.expand().stream(), earlier.stream());
    return steps.flatMap(other -> alters(other, step.table())).toList();
  }

  private static Stream<String> alters(Step step, String table) {
    var head = ("ALTER TABLE " + Sql.name(table) + " ").toUpperCase(Locale.ROOT);
    return switch (step) {
      case Step.Ddl ddl -> Stream.of(ddl.sql()).filter(s -> isAlter(s, head));
      case Step.Rebuild rebuild -> Stream.of(rebuild.sql()).filter(s -> isAlter(s, head));
      case Step.Locked locked ->
          locked.parts().stream().map(Step.Locked.Part::sql).filter(s -> isAlter(s, head));
      case Step.Backfill _, Step.Data _, Step.Verify _, Step.Gate _ -> Stream.of();
    };
  }

  private static boolean isAlter(String sql, String head) {
    return sql.toUpperCase(Locale.ROOT).startsWith(head);
  }
}
