package dev.halcyon.deploy;

import dev.halcyon.journal.ChangeRecord;
import dev.halcyon.journal.JournalReader;
import dev.halcyon.model.ChangeState;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Version;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Chooses among the windows of a schema those that a command is about. */
final class Windows {
  private Windows() {}

  /** Expanded, not yet contracting. */
  static boolean expanded(ChangeRecord record) {
    return record.state() == ChangeState.EXPANDED || record.state() == ChangeState.VERIFIED;
  }

  /** Expanded, or with a contract that has begun and not ended. */
  static boolean contractible(ChangeRecord record) {
    return expanded(record) || (record.contractBegun() && record.windowOpen());
  }

  /** With anything of an expansion in the schema, and nothing dropped yet. */
  static boolean undoable(ChangeRecord record) {
    return record.windowOpen() && !record.contractBegun();
  }

  /**
   * The windows to work on, by version.
   *
   * @param named none means all that are fit
   * @param ended what a change is in when the command has nothing to do for it
   * @throws dev.halcyon.model.Refusal HAL-221 when all that was named has ended already, HAL-603
   *     when something named is not fit
   */
  static List<ChangeRecord> choose(
      Run run,
      String command,
      List<Version> named,
      Predicate<ChangeRecord> fit,
      Set<ChangeState> ended) {
    var all = run.journal().read(JournalReader::changes);
    if (named.isEmpty()) {
      return all.stream().filter(fit).toList();
    }
    var chosen = all.stream().filter(r -> named.contains(r.version())).toList();
    var unfit = chosen.stream().filter(fit.negate()).toList();
    var unknown = named.stream().filter(v -> chosen.stream().noneMatch(r -> r.version().equals(v)));
    var words = unknown.map(v -> v + " has not been expanded").collect(Collectors.toList());
    unfit.stream()
        .filter(r -> !ended.contains(r.state()))
        .forEach(r -> words.add(r.version() + " is " + r.state().label()));
    if (!words.isEmpty()) {
      throw ErrorCode.STATE_WRONG.refuse(
          "Cannot " + command + ": " + String.join(", ", words) + ".", "Type \"halcyon status\".");
    }
    if (unfit.size() == chosen.size()) {
      var states =
          unfit.stream()
              .map(r -> r.version() + " is " + r.state().label())
              .collect(Collectors.joining(", "));
      throw ErrorCode.NOTHING_TO_DO.refuse(
          "Nothing to " + command + ": " + states + ".", "Type \"halcyon status\".");
    }
    return chosen.stream().filter(fit).toList();
  }
}
