package dev.halcyon.rollout;

import java.util.Locale;

/** Where a release stands. */
enum ReleaseState {
  /** On its way forward. */
  RUNNING,
  /** Traffic goes back, or is back and the new version is being ended. */
  REVERTING,
  COMPLETED,
  REVERTED;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static ReleaseState ofLabel(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }

  boolean underWay() {
    return this == RUNNING || this == REVERTING;
  }
}
