package dev.halcyon.pair;

import dev.halcyon.proxy.Traffic.Moves;
import java.time.Duration;
import java.util.List;

/**
 * How a switchover went. Times are zero and nobody is moved if it was only brought to its end.
 *
 * @param gathered from the hold until nobody began a command any more
 * @param drained from there until all were at a boundary
 * @param applied from there until the other server had everything and could be written to
 * @param repointed from there until all sessions were there
 * @param notes what somebody has to know, for people
 */
public record SwitchReport(
    String from,
    String to,
    Duration gathered,
    Duration drained,
    Duration applied,
    Duration repointed,
    Moves moves,
    List<String> notes) {

  public SwitchReport {
    notes = List.copyOf(notes);
  }

  /** One that another controller had begun. */
  static SwitchReport resumed(PairRecord record, List<String> notes) {
    return new SwitchReport(
        record.from(),
        record.to(),
        Duration.ZERO,
        Duration.ZERO,
        Duration.ZERO,
        Duration.ZERO,
        new Moves(true, List.of()),
        notes);
  }

  /** How long all clients were held; before, those that began a transaction. */
  public Duration pause() {
    return drained.plus(applied).plus(repointed);
  }
}
