package dev.halcyon.rollout;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Version;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A release as the journal has it.
 *
 * @param definition the hash of what the release file said
 * @param changes known once they are expanded
 * @param live who may have traffic
 * @param code why it was taken back, null if a person asked for it or it was not
 */
record ReleaseRecord(
    long id,
    String from,
    String to,
    String definition,
    List<Version> changes,
    ReleaseState state,
    Live live,
    @Nullable ErrorCode code,
    @Nullable String reason,
    List<Step> steps) {

  /** Which version users may be on. */
  enum Live {
    OLD,
    BOTH,
    NEW
  }

  /** A step of one direction. */
  record Step(boolean forward, String id, boolean begun, boolean finished) {}

  /** Steps forward that were ever begun. */
  Set<String> begun() {
    return ids(steps.stream().filter(Step::forward).filter(Step::begun));
  }

  boolean begun(boolean forward, ReleaseStep step) {
    return steps.stream()
        .anyMatch(s -> s.forward() == forward && s.id().equals(step.id()) && s.begun());
  }

  boolean finished(boolean forward, ReleaseStep step) {
    return steps.stream()
        .anyMatch(s -> s.forward() == forward && s.id().equals(step.id()) && s.finished());
  }

  private static Set<String> ids(Stream<Step> steps) {
    return steps.map(Step::id).collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public String toString() {
    return "the release from " + from + " to " + to;
  }
}
