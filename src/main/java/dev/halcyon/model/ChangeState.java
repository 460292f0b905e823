package dev.halcyon.model;

import java.util.Locale;

/** Where a change stands, as {@code status} names it. */
public enum ChangeState {
  PENDING,
  EXPANDING,
  EXPANDED,
  VERIFIED,
  CONTRACTING,
  CONTRACTED,
  ROLLED_BACK,
  FAILED;

  /** The name in JSON and in the version tables: {@code rolled-back}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public static ChangeState ofLabel(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
