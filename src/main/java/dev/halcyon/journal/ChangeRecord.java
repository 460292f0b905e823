package dev.halcyon.journal;

import dev.halcyon.model.ChangeState;
import dev.halcyon.model.Version;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One change as the version tables know it.
 *
 * @param checksum of the change file when it was applied; null when it was taken over without one
 * @param state of the contract once that has begun, of the expansion before
 * @param contractBegun whether the second version table has it
 * @param source the tool that the change was taken over from, null for Halcyon's own
 * @param fence token of the lease under which the plan was stored
 * @param expandedAt when the window opened, by the server's clock in UTC
 */
public record ChangeRecord(
    Version version,
    String description,
    @Nullable String checksum,
    ChangeState state,
    boolean contractBegun,
    @Nullable String source,
    long fence,
    Instant plannedAt,
    @Nullable Instant expandedAt,
    String who) {

  /** Whether the change has, or may have, something in the schema that contract would end. */
  public boolean windowOpen() {
    return switch (state) {
      case EXPANDING, EXPANDED, VERIFIED, CONTRACTING, FAILED -> true;
      case PENDING, CONTRACTED, ROLLED_BACK -> false;
    };
  }

  /** Whether the file's text is part of the schema's history, so that it must not change. */
  public boolean applied() {
    return switch (state) {
      case EXPANDING, EXPANDED, VERIFIED, CONTRACTING, CONTRACTED, FAILED -> true;
      case PENDING, ROLLED_BACK -> false;
    };
  }
}
