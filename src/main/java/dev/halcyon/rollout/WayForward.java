package dev.halcyon.rollout;

import dev.halcyon.balancer.BalancerException;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Failure;
import dev.halcyon.rollout.ReleaseRecord.Live;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Leads traffic to the new version, step by step, from the expansion to the end of the old one. */
record WayForward(Course course, Tenure tenure, SchemaPhases schema) {
  private static final String NAME = "forward";

  /**
   * What came of a step that was not thrown out of it.
   *
   * @param stopped the end of the run, with the way forward still open
   * @param note what is worth knowing
   */
  private record Done(
      Optional<Breach> breach, Optional<RolloutReport> stopped, @Nullable String note) {
    static final Done WELL = new Done(Optional.empty(), Optional.empty(), null);

    static Done of(Optional<Breach> breach) {
      return new Done(breach, Optional.empty(), null);
    }
  }

  /**
   * Goes on from the first step that has not ended.
   *
   * @throws Failure if it stopped half-way; the same command goes on
   */
  RolloutReport run(ReleaseRecord begun) {
    var record = begun;
    var plan = ReleasePlan.forward(course.release());
    long phaseBegan = course.phaseBegins(NAME, plan.size());
    for (var step : plan) {
      if (record.finished(true, step)) {
        if (step instanceof ReleaseStep.Shift shift) {
          course.shared(shift.share());
        }
        continue;
      }
      long began = course.begins(tenure, record, true, step);
      Done done;
      try {
        done = act(record, step);
      } catch (BalancerException said) {
        throw StepRun.failure(said, step.title(), course.remains(), course.next());
      }
      var breach = done.breach();
      if (breach.isPresent()) {
        var now = tenure.table().latest().orElseThrow();
        return new WayBack(course, tenure).flee(now, step, breach.get());
      }
      var stopped = done.stopped();
      if (stopped.isPresent()) {
        tenure.table().failed(record, true, step, stopped.get().message());
        return stopped.get();
      }
      course.ends(tenure, record, true, step, began, done.note());
      record = tenure.table().latest().orElseThrow();
    }
    tenure.table().ended(record, ReleaseState.COMPLETED, Live.NEW);
    course.phaseEnds(NAME, phaseBegan);
    return report(record);
  }

  private Done act(ReleaseRecord record, ReleaseStep step) {
    tenure.lease().check();
    course.patience().goOn(course.remains());
    var steps = course.steps();
    return switch (step) {
      case ReleaseStep.Expand _ -> expand(record);
      case ReleaseStep.Start start ->
          Done.of(steps.start(start.party(), record.begun(true, step), course.remains()));
      case ReleaseStep.Ready ready -> Done.of(steps.ready(step, ready.party(), course.remains()));
      case ReleaseStep.Smoke smoke -> Done.of(steps.smoke(smoke.through()));
      case ReleaseStep.Shift shift -> shift(record, shift.share());
      case ReleaseStep.Observe observe -> Done.of(observe(observe));
      case ReleaseStep.Drain drain -> {
        var note =
            steps.drain(
                drain, () -> course.patience().pause(StepRun.BETWEEN_LOOKS, course.remains()));
        yield new Done(Optional.empty(), Optional.empty(), note);
      }
      case ReleaseStep.Stop stop -> {
        steps.stop(stop.party()).ifPresent(breach -> unstopped(record, stop, breach));
        yield Done.WELL;
      }
      case ReleaseStep.Contract _ -> contract(record);
    };
  }

  private Done expand(ReleaseRecord record) {
    var result = tenure.without(schema::expand);
    confirm(record);
    tenure.table().changes(record, result.changes());
    return ended(result, record);
  }

  private Done contract(ReleaseRecord record) {
    tenure.table().live(record, Live.NEW);
    var result = tenure.without(() -> schema.contract(record.changes()));
    confirm(record);
    return ended(result, record);
  }

  private Done ended(SchemaPhases.Result result, ReleaseRecord record) {
    if (result.status() == ExitStatus.DONE) {
      course.findings().addAll(result.findings());
      return Done.WELL;
    }
    var stopped =
        new RolloutReport(
            result.status(),
            result.message(),
            live(record),
            course.notes(),
            result.findings(),
            result.changes());
    return new Done(Optional.empty(), Optional.of(stopped), null);
  }

  /** Somebody else may have taken the release back while the lease was given back. */
  private void confirm(ReleaseRecord record) {
    var now = tenure.table().latest();
    if (now.filter(r -> r.id() == record.id() && r.state() == record.state()).isEmpty()) {
      throw ErrorCode.RELEASE_CHANGED.refuse(
          "Another run has taken over " + record + " meanwhile.",
          "Type \"" + course.next() + "\".");
    }
  }

  private Done shift(ReleaseRecord record, int to) {
    if (to > 0 && record.live() == Live.OLD) {
      tenure.table().live(record, Live.BOTH);
    }
    var before = course.share();
    try {
      course.balancer().share(to);
    } catch (BalancerException said) {
      // HAProxy goes on behind a command that it refuses.
      if (said.answered() && before.isPresent()) {
        restore(before.getAsInt(), said);
      }
      throw said;
    }
    course.shared(to);
    return Done.WELL;
  }

  private void restore(int before, BalancerException said) {
    try {
      course.balancer().share(before);
    } catch (BalancerException again) {
      said.addSuppressed(again);
    }
  }

  private Optional<Breach> observe(ReleaseStep.Observe step) {
    var server = course.settings().server();
    try (var vigilance = new Vigilance(course.release(), course.balancer(), step.share(), server)) {
      return vigilance.observe(
          step.pause(),
          time -> {
            tenure.lease().check();
            course.patience().pause(time, course.remains());
          },
          words -> course.waiting(step, words));
    }
  }

  private void unstopped(ReleaseRecord record, ReleaseStep step, Breach breach) {
    tenure.table().failed(record, true, step, breach.words());
    throw new Failure(
        breach.code(), step.title(), breach.words(), course.remains(), course.next(), null);
  }

  private RolloutReport report(ReleaseRecord record) {
    var release = course.release();
    if (!release.contract() && !record.changes().isEmpty()) {
      course.note(
          "the old shape is still there, so that %s can come back; when it never will: halcyon contract %s"
              .formatted(record.from(), Course.words(record.changes())));
    }
    return new RolloutReport(
        ExitStatus.DONE,
        release.to().name() + " has all traffic" + (release.contract() ? ", contracted" : ""),
        release.to().name(),
        course.notes(),
        course.findings(),
        record.changes());
  }

  private static String live(ReleaseRecord record) {
    return switch (record.live()) {
      case OLD -> record.from();
      case NEW -> record.to();
      case BOTH -> record.from() + " and " + record.to();
    };
  }
}
