package dev.halcyon.rollout;

import dev.halcyon.model.Version;
import dev.halcyon.mysql.Session;
import java.util.Optional;

/** Which version of the application the latest release has left with the traffic. */
public final class LiveVersion {
  private LiveVersion() {}

  /**
   * Why the old version may still need the old shape of a change.
   *
   * @return empty when the new version alone has the traffic, or no release is known
   */
  public static Optional<String> needsOldShape(Session session, Version change) {
    return ReleaseTable.latestOf(session, change)
        .filter(release -> release.live() != ReleaseRecord.Live.NEW)
        .map(
            release ->
                switch (release.live()) {
                      case OLD -> release.from() + " has the traffic";
                      case BOTH -> release.from() + " and " + release.to() + " share the traffic";
                      case NEW -> release.to() + " has the traffic";
                    }
                    + " ("
                    + release
                    + " is "
                    + release.state().label()
                    + ")");
  }
}
