package dev.halcyon.pair;

import java.util.Arrays;
import java.util.Locale;

/** How far an operation on the pair is, in their order. Each is journalled before what it names. */
public enum PairState {
  /** Servers are looked at; nothing was done. */
  PREPARING,
  /**
   * A switchover: clients are held, the active server is fenced and the passive one catches up. An
   * expansion: the passive server is being changed.
   */
  ACTING,
  /**
   * The point of no return of a switchover: the passive server is opened, clients are led there.
   */
  COMMITTED,
  DONE,
  /** Everything is as it was. */
  UNDONE;

  /** Whether somebody has to see what became of it. */
  public boolean unfinished() {
    return switch (this) {
      case PREPARING, ACTING, COMMITTED -> true;
      case DONE, UNDONE -> false;
    };
  }

  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static PairState ofLabel(String label) {
    return Arrays.stream(values())
        .filter(state -> state.label().equals(label))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no state " + label));
  }
}
