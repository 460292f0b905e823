package dev.halcyon.rollout;

import dev.halcyon.balancer.BalancerException;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Failure;
import dev.halcyon.model.Finding;
import dev.halcyon.rollout.ReleaseRecord.Live;

/** Leads all traffic to the old version, and ends the new one. The expansion stays. */
record WayBack(Course course, Tenure tenure) {
  private static final String NAME = "back";

  /**
   * First the traffic, then the journal: the database may be what is slow.
   *
   * @param step at which it was seen
   */
  RolloutReport flee(ReleaseRecord record, ReleaseStep step, Breach breach) {
    if (ReleasePlan.moved(record.begun())) {
      tenure.lease().check();
      try {
        course.balancer().share(0);
        course.shared(0);
      } catch (BalancerException said) {
        // The journal says that it goes back, and the step for it tries again.
        course.tell(String.valueOf(said.getMessage()));
      }
    }
    course.tell(breach.words());
    var table = tenure.table();
    table.failed(record, true, step, breach.words());
    var begun = table.latest().orElseThrow().begun();
    return run(
        table.reverting(
            record, breach.code(), breach.words(), ReleasePlan.back(course.release(), begun)));
  }

  /**
   * Goes on with a release that is on its way back.
   *
   * @throws Failure if it stopped half-way
   */
  RolloutReport run(ReleaseRecord record) {
    var plan = ReleasePlan.back(course.release(), record.begun());
    long phaseBegan = course.phaseBegins(NAME, plan.size());
    for (var step : plan) {
      if (record.finished(false, step)) {
        continue;
      }
      long began = course.begins(tenure, record, false, step);
      tenure.lease().check();
      try {
        act(record, step);
      } catch (BalancerException said) {
        throw StepRun.failure(said, step.title(), course.remains(), course.back());
      }
      course.ends(tenure, record, false, step, began, null);
    }
    tenure.table().ended(record, ReleaseState.REVERTED, Live.OLD);
    course.phaseEnds(NAME, phaseBegan);
    return report(record);
  }

  private void act(ReleaseRecord record, ReleaseStep step) {
    var steps = course.steps();
    switch (step) {
      case ReleaseStep.Start start ->
          steps
              .start(start.party(), record.begun(false, step), course.remains())
              .ifPresent(breach -> stuck(record, step, breach));
      case ReleaseStep.Ready ready ->
          steps
              .ready(step, ready.party(), course.remains())
              .ifPresent(breach -> stuck(record, step, breach));
      case ReleaseStep.Shift _ -> {
        course.balancer().share(0);
        course.shared(0);
      }
      case ReleaseStep.Drain drain -> {
        var note = steps.drain(drain, () -> Patience.sleep(StepRun.BETWEEN_LOOKS.toMillis()));
        if (note != null) {
          course.note(note);
        }
      }
      case ReleaseStep.Stop stop ->
          steps.stop(stop.party()).ifPresent(breach -> stuck(record, step, breach));
      case ReleaseStep.Expand _,
          ReleaseStep.Smoke _,
          ReleaseStep.Observe _,
          ReleaseStep.Contract _ ->
          throw new IllegalStateException(step.id() + " is no step back");
    }
  }

  private void stuck(ReleaseRecord record, ReleaseStep step, Breach breach) {
    tenure.table().failed(record, false, step, breach.words());
    throw new Failure(
        breach.code(), step.title(), breach.words(), course.remains(), course.back(), null);
  }

  private RolloutReport report(ReleaseRecord record) {
    ErrorCode code = record.code();
    if (code != null) {
      course
          .findings()
          .addFirst(
              Finding.error(code.code(), null, String.valueOf(record.reason()), remedy(record)));
    }
    return new RolloutReport(
        code == null ? ExitStatus.DONE : code.exitStatus(),
        "all traffic is on " + record.from() + " again",
        record.from(),
        course.notes(),
        course.findings(),
        record.changes());
  }

  private String remedy(ReleaseRecord record) {
    String again = "All traffic is on " + record.from() + ". ";
    String mend = "mend " + record.to() + " and type \"" + course.next() + "\" again";
    return record.changes().isEmpty()
        ? again + mend.replaceFirst("^m", "M") + "."
        : again
            + "The expansion stays; "
            + mend
            + ", or \"halcyon rollback "
            + Course.words(record.changes())
            + "\".";
  }
}
