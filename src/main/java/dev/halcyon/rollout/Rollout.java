package dev.halcyon.rollout;

import dev.halcyon.balancer.BalancerException;
import dev.halcyon.journal.Hash;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Failure;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Refusal;
import dev.halcyon.rollout.ReleaseRecord.Live;
import java.util.List;
import java.util.Optional;

/**
 * Takes a release forward, step by step, and back when the new version does badly or somebody asks.
 * Each step is journalled before it acts and can be done again, so a run that died at any point is
 * taken up by the same command. For one run, and one thread.
 */
public final class Rollout {
  private static final String INDENT = " ".repeat(17);

  private final RolloutSettings settings;
  private final Release release;
  private final SchemaPhases schema;
  private final Course course;
  private final String definition;

  public Rollout(RolloutSettings settings, Release release, SchemaPhases schema) {
    this.settings = settings;
    this.release = release;
    this.schema = schema;
    this.course = new Course(settings, release);
    this.definition = Hash.of(release.definition());
  }

  /**
   * What stands against the release as the balancer is now. Changes nothing.
   *
   * @throws Failure HAL-802 if the balancer does not answer
   */
  public List<Finding> problems() {
    try {
      return course.balancer().problems().stream()
          .map(words -> Finding.error(ErrorCode.BALANCER_REFUSED.code(), null, words, ""))
          .toList();
    } catch (BalancerException said) {
      throw notLookedAt(said);
    }
  }

  /** Each step with what it sends to the balancer; the SQL is the schema's to tell. */
  public String story() {
    var text = new StringBuilder();
    for (var step : ReleasePlan.forward(release)) {
      text.append("  %-14s %s%n".formatted(step.id(), step.title()));
      course.balancer().script(step).forEach(line -> text.append(INDENT).append(line).append('\n'));
      details(step).forEach(line -> text.append(INDENT).append(line).append('\n'));
    }
    return text.toString();
  }

  private List<String> details(ReleaseStep step) {
    return switch (step) {
      case ReleaseStep.Smoke _ ->
          release.smoke().stream().map(test -> test.name() + ": " + test.describe()).toList();
      case ReleaseStep.Observe _ ->
          release.vigil().watches().stream().map(Watch::describe).toList();
      case ReleaseStep.Expand _,
          ReleaseStep.Start _,
          ReleaseStep.Ready _,
          ReleaseStep.Shift _,
          ReleaseStep.Drain _,
          ReleaseStep.Stop _,
          ReleaseStep.Contract _ ->
          List.of();
    };
  }

  /**
   * Goes forward, from the beginning or from where the last run has stopped; or ends what was going
   * back.
   *
   * @throws Refusal if something stands against it, and nothing was changed by this run
   * @throws Failure if it stopped half-way; the same command goes on
   */
  public RolloutReport run() {
    refuse(ExitStatus.FAILED, problems());
    try (var tenure = Tenure.open(settings)) {
      var record = takeUp(tenure.table());
      return record.state() == ReleaseState.REVERTING
          ? new WayBack(course, tenure).run(record)
          : new WayForward(course, tenure, schema).run(record);
    }
  }

  /** Takes all traffic to the old version, from any point. */
  public RolloutReport revert() {
    refuse(ExitStatus.FAILED, problems());
    try (var tenure = Tenure.open(settings)) {
      var table = tenure.table();
      var record =
          table
              .latest()
              .filter(r -> r.state() != ReleaseState.REVERTED)
              .orElseThrow(
                  () ->
                      ErrorCode.NOTHING_TO_DO.refuse(
                          "There is no release to take back.",
                          "Type \"" + course.next() + "\" for one."));
      if (!record.definition().equals(definition)) {
        throw changed(record);
      }
      if (record.begun().contains(new ReleaseStep.Contract().id())) {
        throw ErrorCode.STATE_WRONG.refuse(
            record + " has begun to contract; " + record.from() + " would find its columns gone.",
            "Release a version forward that works with the new shape.");
      }
      course.shareUnknown();
      var going =
          record.state() == ReleaseState.REVERTING
              ? record
              : table.reverting(
                  record, null, "asked for", ReleasePlan.back(release, record.begun()));
      return new WayBack(course, tenure).run(going);
    }
  }

  /** The release under way, or a new one. */
  private ReleaseRecord takeUp(ReleaseTable table) {
    var latest = table.latest();
    var underWay = latest.filter(r -> r.state().underWay());
    if (underWay.filter(r -> r.definition().equals(definition)).isPresent()) {
      course.shareUnknown();
      return underWay.get();
    }
    underWay
        .filter(r -> r.state() == ReleaseState.REVERTING || ReleasePlan.moved(r.begun()))
        .ifPresent(
            r -> {
              throw changed(r);
            });
    refuseDone(latest);
    refuseTaken();
    refuse(ExitStatus.FINDINGS, schema.lint());
    // No user has noticed the one that was given up.
    underWay.ifPresent(r -> table.ended(r, ReleaseState.REVERTED, Live.OLD));
    return table.begin(latest.map(ReleaseRecord::id).orElse(0L) + 1, release, definition);
  }

  private void refuseDone(Optional<ReleaseRecord> latest) {
    latest
        .filter(r -> r.state() == ReleaseState.COMPLETED && r.definition().equals(definition))
        .ifPresent(
            r -> {
              throw ErrorCode.NOTHING_TO_DO.refuse(
                  r + " is done: " + r.to() + " has the traffic.",
                  "Change the release file for the next one, or type \"" + course.back() + "\".");
            });
  }

  private void refuseTaken() {
    try {
      if (course.balancer().taken().orElse(false)) {
        throw ErrorCode.BALANCER_REFUSED.refuse(
            "The new version %s (%s) takes traffic already."
                .formatted(release.to().name(), String.join(", ", release.to().servers())),
            "Are [old] and [new] the right way round? Else disable its servers in the balancer.");
      }
    } catch (BalancerException said) {
      throw notLookedAt(said);
    }
  }

  private Failure notLookedAt(BalancerException said) {
    return StepRun.failure(said, "look at the balancer", "Nothing was changed.", course.next());
  }

  private Refusal changed(ReleaseRecord record) {
    return ErrorCode.RELEASE_CHANGED.refuse(
        "The release file has changed since " + record + " began.",
        "Restore it, then type \""
            + course.next()
            + "\" to go on or \""
            + course.back()
            + "\" to go back.");
  }

  private static void refuse(ExitStatus status, List<Finding> findings) {
    if (findings.stream().anyMatch(Finding::blocks)) {
      throw new Refusal(status, findings);
    }
  }
}
