package dev.halcyon.rollout;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Which steps a release has, forward and back. Pure: the same release gives the same steps. */
final class ReleasePlan {
  private ReleasePlan() {}

  /** From the expansion to the end of the old version. */
  static List<ReleaseStep> forward(Release release) {
    var steps = new ArrayList<ReleaseStep>();
    steps.add(new ReleaseStep.Expand());
    // A server that comes up must not take traffic before its smoke tests.
    steps.add(new ReleaseStep.Shift(0));
    if (release.to().start() != null) {
      steps.add(new ReleaseStep.Start(release.to()));
    }
    steps.add(new ReleaseStep.Ready(release.to()));
    if (!release.smoke().isEmpty()) {
      steps.add(new ReleaseStep.Smoke(release.smoke().size(), false));
    }
    for (int share : release.traffic().shares()) {
      steps.add(new ReleaseStep.Shift(share));
      steps.add(new ReleaseStep.Observe(share, release.traffic().pause()));
    }
    if (!release.smoke().isEmpty() && release.traffic().url() != null) {
      steps.add(new ReleaseStep.Smoke(release.smoke().size(), true));
    }
    steps.add(new ReleaseStep.Drain(release.from(), release.drain()));
    if (release.from().stop() != null) {
      steps.add(new ReleaseStep.Stop(release.from()));
    }
    if (release.contract()) {
      steps.add(new ReleaseStep.Contract());
    }
    return List.copyOf(steps);
  }

  /**
   * All traffic to the old version, and the end of the new one. The expansion stays.
   *
   * @param begun steps forward that were ever begun
   */
  static List<ReleaseStep> back(Release release, Set<String> begun) {
    var steps = new ArrayList<ReleaseStep>();
    boolean oldMayBeGone = begun.contains("stop");
    if (oldMayBeGone && release.from().start() != null) {
      steps.add(new ReleaseStep.Start(release.from()));
    }
    if (oldMayBeGone) {
      steps.add(new ReleaseStep.Ready(release.from()));
    }
    if (begun.contains(new ReleaseStep.Shift(0).id())) {
      steps.add(new ReleaseStep.Shift(0));
      steps.add(new ReleaseStep.Drain(release.to(), release.drain()));
    }
    if (release.to().stop() != null && (begun.contains("start") || begun.contains("ready"))) {
      steps.add(new ReleaseStep.Stop(release.to()));
    }
    return List.copyOf(steps);
  }

  /** Whether users may have been on the new version. */
  static boolean moved(Set<String> begun) {
    return begun.stream()
        .anyMatch(id -> id.startsWith("traffic.") && !id.equals(new ReleaseStep.Shift(0).id()));
  }
}
