package dev.halcyon.plan;

import dev.halcyon.model.Phase;

/** Where in a phase a derived step stands; the order of the constants is the order of the steps. */
enum Stage {
  EXPAND_CHECK(Phase.EXPAND),
  EXPAND_SHAPE(Phase.EXPAND),
  EXPAND_SYNC(Phase.EXPAND),
  EXPAND_FILL(Phase.EXPAND),
  EXPAND_INDEX(Phase.EXPAND),
  EXPAND_KEY(Phase.EXPAND),
  EXPAND_DATA(Phase.EXPAND),
  VERIFY(Phase.VERIFY),
  CONTRACT_GATE(Phase.CONTRACT),
  CONTRACT_CHECK(Phase.CONTRACT),
  /** Views and the user's triggers read the new shape from here on. */
  CONTRACT_DEPENDENTS(Phase.CONTRACT),
  CONTRACT_TIGHTEN(Phase.CONTRACT),
  /** The old shape must do without a writer before the sync triggers go. */
  CONTRACT_TOLERATE(Phase.CONTRACT),
  CONTRACT_UNSYNC(Phase.CONTRACT),
  CONTRACT_KEY(Phase.CONTRACT),
  CONTRACT_SHAPE(Phase.CONTRACT),
  CONTRACT_NAME(Phase.CONTRACT),
  CONTRACT_DATA(Phase.CONTRACT),
  ROLLBACK_CHECK(Phase.ROLLBACK),
  ROLLBACK_UNSYNC(Phase.ROLLBACK),
  ROLLBACK_SHAPE(Phase.ROLLBACK);

  private final Phase phase;

  Stage(Phase phase) {
    this.phase = phase;
  }

  Phase phase() {
    return phase;
  }
}
