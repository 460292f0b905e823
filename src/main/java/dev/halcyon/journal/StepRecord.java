package dev.halcyon.journal;

import dev.halcyon.model.Phase;
import dev.halcyon.model.Version;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One step as the journal knows it.
 *
 * @param ordinal its place in the phase, from 0
 * @param statementHash SHA-256 of what the step does, in hexadecimal
 * @param checkpoint how far it came, in words of the package that wrote it; null before the first
 * @param error the server's words when the step failed last
 */
public record StepRecord(
    Version version,
    Phase phase,
    int ordinal,
    String id,
    String title,
    String statementHash,
    StepState state,
    @Nullable String checkpoint,
    long rowsDone,
    @Nullable String error,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt) {

  public boolean finished() {
    return state == StepState.FINISHED;
  }

  /** Whether the step has ever been begun. */
  public boolean begun() {
    return state != StepState.PENDING;
  }
}
