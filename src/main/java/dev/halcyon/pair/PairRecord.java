package dev.halcyon.pair;

import dev.halcyon.pair.judge.Mode;
import java.util.Arrays;
import java.util.Locale;

/**
 * An operation on the pair, as its journal has it.
 *
 * @param number grows with each operation
 * @param mode of a change; a switchover has none and says unlogged
 * @param change the version of a change file; empty for a switchover
 * @param from the server that clients leave; of a change of the schema the one that is not changed
 * @param to the server that clients are led to; of a change the one that is changed
 * @param detail what a later operation has to know; may be empty
 * @param error why it was undone; may be empty
 */
public record PairRecord(
    long number,
    Kind kind,
    Mode mode,
    String change,
    String from,
    String to,
    PairState state,
    String detail,
    String error) {

  /** What is done. */
  public enum Kind {
    SWITCH,
    /** A change on the passive server. */
    EXPAND,
    /** The same change on the server that was active when it was expanded. */
    FINISH,
    /** All clients of two writable servers to one of them. */
    FUNNEL,
    /** The way back from that: clients go home to a server that is opened for them. */
    RETURN;

    /** Whether it changes the schema of one server. */
    boolean isChange() {
      return switch (this) {
        case EXPAND, FINISH -> true;
        case SWITCH, FUNNEL, RETURN -> false;
      };
    }

    boolean isFunnel() {
      return switch (this) {
        case FUNNEL, RETURN -> true;
        case SWITCH, EXPAND, FINISH -> false;
      };
    }

    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Kind ofLabel(String label) {
      return Arrays.stream(values())
          .filter(kind -> kind.label().equals(label))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("no operation " + label));
    }
  }

  PairRecord in(PairState next) {
    return new PairRecord(number, kind, mode, change, from, to, next, detail, error);
  }

  PairRecord undone(String reason) {
    return new PairRecord(number, kind, mode, change, from, to, PairState.UNDONE, detail, reason);
  }

  PairRecord with(String newDetail) {
    return new PairRecord(number, kind, mode, change, from, to, state, newDetail, error);
  }

  /** For people: {@code switchover 7 from west to east}. */
  public String title() {
    return switch (kind) {
      case SWITCH -> "switchover " + number + " from " + from + " to " + to;
      case FUNNEL, RETURN -> kind.label() + " " + number + " from " + from + " to " + to;
      case EXPAND, FINISH -> kind.label() + " " + number + " of " + change + " on " + to;
    };
  }
}
