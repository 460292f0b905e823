package dev.halcyon.deploy;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Failure;
import dev.halcyon.mysql.Fault;
import dev.halcyon.plan.Step;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Words for steps that failed. */
final class StepFailures {
  private StepFailures() {}

  static Failure refused(ChangePhase at, Step step, Fault fault) {
    return new Failure(
        ErrorCode.STEP_FAILED,
        at.action(step),
        fault.detail(),
        "The steps before it are done, this one has had no effect.",
        at.next(),
        fault);
  }

  static Failure lost(ChangePhase at, Step step, int times, @Nullable Fault last) {
    return new Failure(
        ErrorCode.CONNECTION_LOST,
        at.action(step),
        "interrupted %d times: %s".formatted(times, last == null ? "" : last.detail()),
        "The steps before it are done; the next run looks whether this one is.",
        at.next(),
        last);
  }

  static Failure drift(ChangePhase at, String action, List<String> differences) {
    return new Failure(
        ErrorCode.DRIFT,
        action,
        "the schema is neither as before nor as after it: " + String.join("; ", differences),
        "The step has not been run.",
        "Bring the schema to one of the two states, then " + at.next(),
        null);
  }

  static Failure rows(ChangePhase at, Step.Verify step, String words) {
    return new Failure(
        VerifyFindings.code(step),
        at.action(step),
        words,
        "The steps before it are done; nothing behind it has been begun.",
        at.next(),
        null);
  }

  static Failure stopped(ChangePhase at) {
    return new Failure(
        ErrorCode.STOPPED,
        at.phase().label() + " " + at.version(),
        "stopped on request between two steps",
        "Every step that was begun is done; old and new application go on as they are.",
        at.command(),
        null);
  }
}
