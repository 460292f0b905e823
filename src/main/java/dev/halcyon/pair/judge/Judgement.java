package dev.halcyon.pair.judge;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Finding;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Everything that a change makes the two servers differ in, and what follows from it. */
public record Judgement(List<Verdict> verdicts) {
  public Judgement {
    verdicts = List.copyOf(verdicts);
  }

  /** What rows of the server that is still to be changed do; it must be {@code REPLICATES}. */
  public Effect forward() {
    return verdicts.stream().map(v -> v.forward().effect()).reduce(Effect.REPLICATES, Effect::or);
  }

  /** What rows of the changed server do. */
  public Effect backward() {
    return verdicts.stream().map(v -> v.backward().effect()).reduce(Effect.REPLICATES, Effect::or);
  }

  /** Empty if the change cannot be made on one server of a pair first. */
  public Optional<Mode> mode() {
    if (forward() != Effect.REPLICATES) {
      return Optional.empty();
    }
    return Optional.of(backward() == Effect.REPLICATES ? Mode.UNLOGGED : Mode.LOGGED);
  }

  /** Why it is this mode, in whole sentences. */
  public List<String> reasons() {
    if (mode().filter(mode -> mode == Mode.UNLOGGED).isPresent()) {
      return List.of(
          "Rows pass both ways, so the change stays out of the binary log and the other server"
              + " keeps all that is written meanwhile.");
    }
    return verdicts.stream()
        .filter(verdict -> verdict.backward().effect() != Effect.REPLICATES)
        .map(
            verdict ->
                verdict.table() + ": " + verdict.difference() + ": " + verdict.backward().reason())
        .toList();
  }

  /**
   * What stands against the change, each with the way that works online; empty if there is a mode.
   */
  public List<Finding> refusals() {
    return verdicts.stream()
        .filter(verdict -> verdict.forward().effect() != Effect.REPLICATES)
        .map(Judgement::refusal)
        .toList();
  }

  private static Finding refusal(Verdict verdict) {
    return Finding.error(
        ErrorCode.PAIR_CHANGE.code(),
        null,
        "%s: %s: %s. Replication from the active server %s."
            .formatted(
                verdict.table(),
                verdict.difference(),
                verdict.forward().reason(),
                switch (verdict.forward().effect()) {
                  case REPLICATES -> "goes on";
                  case LOSES -> "loses values";
                  case STOPS -> "stops";
                  case CORRUPTS -> "writes wrong values without an error";
                }),
        "Make it online, through the active server: halcyon expand, or halcyon alter for one table.");
  }

  /** What somebody should know of a change that is not refused. */
  public Stream<String> remarks() {
    return verdicts.stream()
        .flatMap(
            verdict ->
                Stream.of(verdict.forward(), verdict.backward())
                    .filter(passage -> !passage.reason().isEmpty())
                    .filter(passage -> passage.effect() == Effect.REPLICATES)
                    .map(
                        passage ->
                            verdict.table()
                                + ": "
                                + verdict.difference()
                                + ": "
                                + passage.reason()));
  }
}
