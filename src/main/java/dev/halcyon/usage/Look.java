package dev.halcyon.usage;

import java.util.List;

/**
 * What a source tells when it is looked at.
 *
 * @param source its name: {@code server}, {@code proxy}
 * @param instance which one of its kind, since its last start: its counts begin anew with it
 * @param periods when it has missed nothing, by the server's clock
 * @param missing why that is not all of the time, for people; empty if it is
 * @param counter how often something passed that it does not see; periods on both sides of a look
 *     join as long as it stays the same
 */
public record Look(
    String source,
    String instance,
    List<Period> periods,
    List<Missing> missing,
    long counter,
    List<Seen> seen) {
  public Look {
    periods = List.copyOf(periods);
    missing = List.copyOf(missing);
    seen = List.copyOf(seen);
  }

  /** Nothing was watched. */
  public static Look nothing(String source, Missing why) {
    return new Look(source, "", List.of(), List.of(why), 0, List.of());
  }

  /**
   * What a source lacks.
   *
   * @param remedy the next thing to do
   */
  public record Missing(String why, String remedy) {}
}
