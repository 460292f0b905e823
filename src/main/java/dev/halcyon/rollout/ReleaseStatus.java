package dev.halcyon.rollout;

import dev.halcyon.model.Version;
import dev.halcyon.mysql.Session;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the latest release of a schema stands.
 *
 * @param state {@code running}, {@code reverting}, {@code completed}, {@code reverted}
 * @param live the versions that may have traffic, the old one first
 * @param step the id of the step that was begun and has not ended, null if none
 * @param reason why it was taken back, null if it was not
 * @param changes that it rests on; known once they are expanded
 */
public record ReleaseStatus(
    String from,
    String to,
    String state,
    List<String> live,
    @Nullable String step,
    @Nullable String reason,
    List<Version> changes) {
  public ReleaseStatus {
    live = List.copyOf(live);
    changes = List.copyOf(changes);
  }

  /** Empty where there has been none. Takes no lease. */
  public static Optional<ReleaseStatus> latest(Session session) {
    return ReleaseTable.latestOf(session).map(ReleaseStatus::of);
  }

  private static ReleaseStatus of(ReleaseRecord release) {
    boolean forward = release.state() == ReleaseState.RUNNING;
    var step =
        release.state().underWay()
            ? release.steps().stream()
                .filter(s -> s.forward() == forward && s.begun() && !s.finished())
                .reduce((_, later) -> later)
                .map(ReleaseRecord.Step::id)
                .orElse(null)
            : null;
    return new ReleaseStatus(
        release.from(),
        release.to(),
        release.state().label(),
        live(release),
        step,
        release.reason(),
        release.changes());
  }

  private static List<String> live(ReleaseRecord release) {
    return switch (release.live()) {
      case OLD -> List.of(release.from());
      case NEW -> List.of(release.to());
      case BOTH -> List.of(release.from(), release.to());
    };
  }
}
