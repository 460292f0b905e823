package dev.halcyon.deploy;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.ExitStatus;
import dev.halcyon.rebuild.Control;
import dev.halcyon.rebuild.Rebuild;
import dev.halcyon.rebuild.UnderWay;
import java.util.List;
import java.util.stream.Collectors;

/** Looks after rebuilds that others have begun. */
final class RebuildCare {
  private RebuildCare() {}

  /**
   * @throws dev.halcyon.model.Refusal HAL-603 when none is under way
   */
  static Outcome control(DeploySettings settings, String table, Control control) {
    var told = tell(settings, table, control);
    if (told.isEmpty()) {
      throw none(table);
    }
    return outcome(told.stream().map(UnderWay::text).collect(Collectors.joining("\n")));
  }

  /**
   * @throws dev.halcyon.model.Refusal HAL-603 when none is under way or several are, HAL-601 while
   *     a run works on it
   */
  static Outcome abort(DeploySettings settings, String table) {
    try (var run = Run.open(settings)) {
      var found = tell(settings, table, new Control.Status());
      if (found.isEmpty()) {
        throw none(table);
      }
      if (found.size() > 1) {
        throw ErrorCode.STATE_WRONG.refuse(
            "Several rebuilds are under way: "
                + found.stream().map(UnderWay::table).collect(Collectors.joining(", ")),
            "Name the table: halcyon alter --abort <table>");
      }
      var only = found.getFirst().table();
      var swapped = new Rebuilds(run).abandon(only);
      return outcome(
          swapped
              ? "the rebuild of " + only + " had swapped its tables already; the change stands"
              : "the rebuild of " + only + " is given up; the table is as it was");
    }
  }

  private static List<UnderWay> tell(DeploySettings settings, String table, Control control) {
    try (var session = settings.server().open("control")) {
      return Rebuild.control(session, table, control);
    }
  }

  private static RuntimeException none(String table) {
    return ErrorCode.STATE_WRONG.refuse(
        "No rebuild" + (table.isEmpty() ? "" : " of " + table) + " is under way.",
        "halcyon alter \"ALTER TABLE ...\" begins one.");
  }

  private static Outcome outcome(String message) {
    return new Outcome(ExitStatus.DONE, message, List.of(), List.of());
  }
}
