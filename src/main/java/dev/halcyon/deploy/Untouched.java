package dev.halcyon.deploy;

import dev.halcyon.journal.ChangeRecord;
import dev.halcyon.journal.JournalReader;
import dev.halcyon.journal.StepRecord;
import dev.halcyon.model.Phase;
import dev.halcyon.plan.Plan;
import dev.halcyon.plan.PlanJson;
import dev.halcyon.plan.Step;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Changes whose plan is stored and of which nothing has been done: rows stood against them, or the
 * run died before its first step. Their files may be changed still, and they are planned anew.
 */
final class Untouched {
  private Untouched() {}

  /** All changes but these. */
  static List<ChangeRecord> without(JournalReader reader) {
    return reader.changes().stream().filter(record -> !is(reader, record)).toList();
  }

  static boolean is(JournalReader reader, ChangeRecord record) {
    return switch (record.state()) {
      case EXPANDING, FAILED ->
          !record.contractBegun()
              && !begun(
                  PlanJson.read(reader.plan(record.version())), reader.steps(record.version()));
      case PENDING, EXPANDED, VERIFIED, CONTRACTING, CONTRACTED, ROLLED_BACK -> false;
    };
  }

  /** Whether a step that does more than look has ever been begun. */
  private static boolean begun(Plan plan, List<StepRecord> steps) {
    var ids =
        steps.stream().filter(StepRecord::begun).map(StepRecord::id).collect(Collectors.toSet());
    return Arrays.stream(Phase.values())
        .flatMap(phase -> plan.steps(phase).stream())
        .filter(step -> !(step instanceof Step.Verify || step instanceof Step.Gate))
        .anyMatch(step -> ids.contains(step.id()));
  }
}
