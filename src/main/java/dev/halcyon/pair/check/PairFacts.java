package dev.halcyon.pair.check;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Both servers as they were seen one after the other.
 *
 * @param lag of the passive server; empty if there is no passive one, or its applier stands
 * @param longestLag what a switchover allows
 * @param writing names of the servers that were written to, not by replication, while both were
 *     looked at; empty if one of them is fenced
 * @param rows empty if they were not compared
 */
public record PairFacts(
    MemberFacts first,
    MemberFacts second,
    Optional<Lag> lag,
    Duration longestLag,
    List<String> writing,
    Optional<RowFacts> rows) {

  public PairFacts {
    writing = List.copyOf(writing);
  }

  /**
   * @param transactions that the passive server had not when it was asked; -1 if nobody can count
   * @param time until it had what the active one had then; a server that took too long has the
   *     patience of whoever waited
   */
  public record Lag(long transactions, Duration time) {}

  List<MemberFacts> members() {
    return List.of(first, second);
  }

  MemberFacts other(MemberFacts member) {
    return member.name().equals(first.name()) ? second : first;
  }

  /** Those that applications may write to. */
  List<MemberFacts> writable() {
    return members().stream().filter(member -> !member.fenced()).toList();
  }
}
