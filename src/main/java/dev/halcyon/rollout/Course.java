package dev.halcyon.rollout;

import dev.halcyon.model.Finding;
import dev.halcyon.model.Version;
import dev.halcyon.progress.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What both ways of one run share: its means, and what it has seen so far. For one thread. */
final class Course {
  private static final int UNKNOWN = -1;

  private final RolloutSettings settings;
  private final Release release;
  private final Balancer balancer;
  private final Patience patience;
  private final StepRun steps;
  private final String title;
  private final List<String> notes = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();
  private int share;

  Course(RolloutSettings settings, Release release) {
    this.settings = settings;
    this.release = release;
    this.balancer = Balancer.of(release);
    this.patience = new Patience(settings.stop(), settings.line());
    this.steps = new StepRun(release, balancer, patience, settings.events());
    this.title = StepRun.title(release);
  }

  RolloutSettings settings() {
    return settings;
  }

  Release release() {
    return release;
  }

  Balancer balancer() {
    return balancer;
  }

  Patience patience() {
    return patience;
  }

  StepRun steps() {
    return steps;
  }

  /** What goes on with the release. */
  String next() {
    return settings.line();
  }

  /** What takes it back. */
  String back() {
    return settings.line() + " --revert";
  }

  /** A line that is worth knowing at the end. */
  void note(String words) {
    notes.add(words);
  }

  List<String> notes() {
    return notes;
  }

  List<Finding> findings() {
    return findings;
  }

  /** What the new version has, as far as this run knows; empty while it does not. */
  OptionalInt share() {
    return share == UNKNOWN ? OptionalInt.empty() : OptionalInt.of(share);
  }

  /** The traffic is where an earlier run has left it. */
  void shareUnknown() {
    share = UNKNOWN;
  }

  void shared(int percent) {
    share = percent;
  }

  /** Where the traffic is while nobody moves it. */
  String remains() {
    return share == UNKNOWN
        ? "Traffic is where the last run has left it."
        : "Traffic stays: %d %% on %s, the rest on %s."
            .formatted(share, release.to().name(), release.from().name());
  }

  void waiting(ReleaseStep step, String words) {
    settings.events().on(new Event.Waiting(title, step.id(), words));
  }

  void tell(String words) {
    settings.events().on(new Event.Note(words));
  }

  long phaseBegins(String way, int count) {
    settings.events().on(new Event.PhaseStarted(title, way, count));
    return System.nanoTime();
  }

  void phaseEnds(String way, long began) {
    settings.events().on(new Event.PhaseFinished(title, way, since(began)));
  }

  long begins(Tenure tenure, ReleaseRecord record, boolean forward, ReleaseStep step) {
    tenure.table().started(record, forward, step);
    settings.events().on(new Event.StepStarted(title, step.id(), step.title(), 0));
    return System.nanoTime();
  }

  void ends(
      Tenure tenure,
      ReleaseRecord record,
      boolean forward,
      ReleaseStep step,
      long began,
      @Nullable String note) {
    tenure.table().finished(record, forward, step, note);
    settings.events().on(new Event.StepFinished(title, step.id(), false, since(began)));
    if (note != null) {
      note(note);
    }
  }

  private static Duration since(long began) {
    return Duration.ofNanos(System.nanoTime() - began);
  }

  static String words(List<Version> changes) {
    return changes.stream().map(Version::toString).collect(Collectors.joining(" "));
  }
}
