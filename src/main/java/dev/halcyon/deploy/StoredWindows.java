package dev.halcyon.deploy;

import dev.halcyon.journal.JournalReader;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.ServerFacts;
import dev.halcyon.plan.Plan;
import dev.halcyon.plan.PlanJson;
import dev.halcyon.plan.Step;
import java.util.List;
import java.util.Optional;

/** The windows that are open, with what each touches. */
final class StoredWindows {
  private StoredWindows() {}

  static List<ServerFacts.Window> read(JournalReader reader) {
    return reader.changes().stream()
        .filter(record -> record.windowOpen() && !Untouched.is(reader, record))
        .map(record -> PlanJson.read(reader.plan(record.version())))
        .flatMap(plan -> of(plan).stream())
        .toList();
  }

  /** Empty for a plan that drops nothing later: others may build on it at once. */
  static Optional<ServerFacts.Window> of(Plan plan) {
    var drops =
        plan.contract().stream()
            .anyMatch(step -> !(step instanceof Step.Verify || step instanceof Step.Gate));
    return drops
        ? Optional.of(new ServerFacts.Window(plan.version(), plan.touches()))
        : Optional.empty();
  }

  /**
   * Refuses to undo what a later expansion may build on.
   *
   * @param others the plans of open windows that stay
   */
  static void refuseBuiltOn(Plan plan, List<Plan> others) {
    for (var other : others) {
      var shared =
          plan.touches().stream()
              .filter(mine -> other.touches().stream().anyMatch(theirs -> overlap(mine, theirs)))
              .findFirst();
      if (shared.isPresent() && other.version().compareTo(plan.version()) > 0) {
        throw ErrorCode.STATE_WRONG.refuse(
            "%s was expanded after %s and touches %s too."
                .formatted(other.version(), plan.version(), shared.get()),
            "halcyon rollback " + other.version() + " first.");
      }
    }
  }

  private static boolean overlap(String one, String other) {
    return one.equalsIgnoreCase(other) || within(one, other) || within(other, one);
  }

  /** Whether the one is a part of the other's table. */
  private static boolean within(String part, String table) {
    return part.regionMatches(true, 0, table + ".", 0, table.length() + 1);
  }
}
