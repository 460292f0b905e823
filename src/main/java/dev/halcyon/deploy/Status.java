package dev.halcyon.deploy;

import dev.halcyon.journal.StepState;
import dev.halcyon.model.ChangeState;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Phase;
import dev.halcyon.model.Version;
import dev.halcyon.rollout.ReleaseStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where every change stands.
 *
 * @param changes by version, those of the folder that have not begun included
 * @param objects what of Halcyon's is on the server: {@code table halcyon_step}, {@code trigger
 *     hal_12_users_bi}, {@code schema halcyon_scratch_…}
 * @param holder who works on the schema now and since when, or null
 * @param release of the application, the latest one, or null
 * @param findings changed files
 */
public record Status(
    List<Change> changes,
    List<String> objects,
    @Nullable String holder,
    @Nullable ReleaseStatus release,
    List<Finding> findings) {

  /**
   * One change.
   *
   * @param checksum of the file that was applied, of the file in the folder when it is pending;
   *     null when neither is known
   * @param source the tool that it was taken over from, or null
   */
  public record Change(
      Version version,
      String description,
      ChangeState state,
      @Nullable String checksum,
      @Nullable String source,
      List<Step> steps) {
    public Change {
      steps = List.copyOf(steps);
    }
  }

  /**
   * One step of a change.
   *
   * @param error the server's words, or the rows that differ, when it failed last
   */
  public record Step(
      String id,
      Phase phase,
      String title,
      StepState state,
      long rowsDone,
      @Nullable String error,
      @Nullable Instant startedAt,
      @Nullable Instant finishedAt) {}

  public Status {
    changes = List.copyOf(changes);
    objects = List.copyOf(objects);
    findings = List.copyOf(findings);
  }
}
