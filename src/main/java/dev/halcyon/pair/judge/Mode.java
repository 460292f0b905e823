package dev.halcyon.pair.judge;

import java.util.Locale;

/** How a change is made on the passive server. */
public enum Mode {
  /** Out of the binary log; replication runs both ways, so there is a way back with all data. */
  UNLOGGED,
  /** In the binary log, while the active server applies nothing of the passive one. */
  LOGGED;

  /**
   * @throws IllegalArgumentException if it is none
   */
  public static Mode ofLabel(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }

  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
