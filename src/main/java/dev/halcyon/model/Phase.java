package dev.halcyon.model;

import java.util.Locale;

/** The lists of steps that a plan holds. */
public enum Phase {
  EXPAND,
  VERIFY,
  CONTRACT,
  ROLLBACK;

  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
