package dev.halcyon.deploy;

import dev.halcyon.model.Phase;
import dev.halcyon.model.Version;
import dev.halcyon.plan.Plan;
import dev.halcyon.plan.Step;

/** One phase of one change: where a step belongs. */
record ChangePhase(Plan plan, Phase phase) {
  Version version() {
    return plan.version();
  }

  /** The command that goes on with it: {@code halcyon expand V12}. */
  String command() {
    return "halcyon " + phase.label() + " " + version();
  }

  /** What to type when a step has failed and its cause is mended. */
  String next() {
    return phase == Phase.EXPAND
        ? command() + " to go on, or halcyon rollback " + version() + " to undo the expansion"
        : command();
  }

  /** {@code add column users.locale (V12, step expand.1)}. */
  String action(Step step) {
    return "%s (%s, step %s)".formatted(step.title(), version(), step.id());
  }
}
