package dev.halcyon.journal;

import java.util.Locale;

/** Where a step stands in the journal. */
public enum StepState {
  PENDING,
  STARTED,
  FINISHED,
  FAILED;

  /** The name in the table and in JSON. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static StepState ofLabel(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }
}
