package dev.halcyon.deploy;

import dev.halcyon.journal.StepRecord;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Failure;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Phase;
import dev.halcyon.model.Refusal;
import dev.halcyon.plan.Delta;
import dev.halcyon.plan.Plan;
import dev.halcyon.plan.Step;
import dev.halcyon.progress.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Runs the steps of a phase that remain, each journalled before and after. */
final class PhaseRunner {
  private final Run run;
  private final StepExecutor executor;

  PhaseRunner(Run run) {
    this.run = run;
    this.executor = new StepExecutor(run);
  }

  /**
   * Runs what is not finished yet, in order.
   *
   * @throws Failure of the first step that fails; the journal has it then
   */
  void run(Plan plan, Phase phase) {
    run(plan, phase, Set.of());
  }

  /** As {@link #run(Plan, Phase)}; steps of these ids were run just now and count as finished. */
  void run(Plan plan, Phase phase, Set<String> justDone) {
    var at = new ChangePhase(plan, phase);
    var records = records(plan, phase);
    var remaining =
        plan.steps(phase).stream()
            .filter(step -> !justDone.contains(step.id()) && !behind(plan, phase, records, step))
            .toList();
    if (phase != Phase.ROLLBACK && records.values().stream().anyMatch(StepRecord::begun)) {
      refuseDrift(at, plan, records);
    }
    announced(
        at,
        remaining.size(),
        () -> {
          for (var step : remaining) {
            stopIfAsked(at);
            var result = runStep(at, step);
            if (step instanceof Step.Verify verify && !result.findings().isEmpty()) {
              var words = VerifyFindings.words(result.findings());
              run.journal().failed(plan.version(), phase, step.id(), words);
              throw StepFailures.rows(at, verify, words);
            }
            finish(at, step, result);
          }
        });
  }

  /**
   * Runs all these verify steps, whether they have been run before or not.
   *
   * @return every row that differs, of all of them
   */
  List<Finding> verify(Plan plan, Phase phase, List<Step.Verify> steps) {
    var at = new ChangePhase(plan, phase);
    var findings = new ArrayList<Finding>();
    announced(
        at,
        steps.size(),
        () -> {
          for (var step : steps) {
            stopIfAsked(at);
            var result = runStep(at, step);
            findings.addAll(result.findings());
            if (result.findings().isEmpty()) {
              finish(at, step, result);
            } else {
              var words = VerifyFindings.words(result.findings());
              run.journal().mismatch(plan.version(), step.id(), words);
            }
          }
        });
    return findings;
  }

  private StepResult runStep(ChangePhase at, Step step) {
    run.settings()
        .events()
        .on(new Event.StepStarted(at.version().text(), step.id(), step.title(), rows(step)));
    var begun = System.nanoTime();
    run.journal().started(at.version(), step.id());
    try {
      var result = executor.run(at, step);
      run.settings()
          .events()
          .on(
              new Event.StepFinished(
                  at.version().text(),
                  step.id(),
                  result.skipped(),
                  Duration.ofNanos(System.nanoTime() - begun)));
      return result;
    } catch (Failure failure) {
      if (!goesOnLater(failure.code())) {
        record(at, step, failure);
      }
      throw failure;
    } catch (Refusal refusal) {
      record(at, step, refusal);
      throw refusal;
    }
  }

  private void finish(ChangePhase at, Step step, StepResult result) {
    run.journal().finished(at.version(), step.id(), result.rows());
  }

  /** The same command goes on from where the run was stopped; nothing stands against the step. */
  private static boolean goesOnLater(ErrorCode code) {
    return code == ErrorCode.STOPPED
        || code == ErrorCode.CONNECTION_LOST
        || code == ErrorCode.FENCED;
  }

  private void record(ChangePhase at, Step step, RuntimeException failure) {
    try {
      var words = failure.getMessage();
      run.journal().failed(at.version(), at.phase(), step.id(), words == null ? "?" : words);
    } catch (RuntimeException second) {
      failure.addSuppressed(second);
    }
  }

  private void announced(ChangePhase at, int steps, Runnable work) {
    var events = run.settings().events();
    var version = at.version().text();
    events.on(new Event.PhaseStarted(version, at.phase().label(), steps));
    var begun = System.nanoTime();
    work.run();
    var took = Duration.ofNanos(System.nanoTime() - begun);
    events.on(new Event.PhaseFinished(version, at.phase().label(), took));
  }

  private void stopIfAsked(ChangePhase at) {
    if (run.settings().stop().requested()) {
      throw StepFailures.stopped(at);
    }
  }

  /** The schema outranks the journal: what the journal calls finished must still be there. */
  private void refuseDrift(ChangePhase at, Plan plan, Map<String, StepRecord> records) {
    var statements = new ArrayList<List<Delta>>();
    var positions = new HashSet<Integer>();
    positions.add(0);
    for (var step : plan.steps(at.phase())) {
      var parts = Standing.deltas(step);
      var record = records.get(step.id());
      if (record != null && record.finished()) {
        statements.addAll(parts);
        positions.clear();
        positions.add(statements.size());
        continue;
      }
      for (var part : parts) {
        statements.add(part);
        if (record != null && record.begun()) {
          positions.add(statements.size());
        }
      }
    }
    var standing = new Standing(statements);
    var actual =
        new SchemaStatements(
                run.work(), run.settings().patience(), run.settings().events(), run.schema())
            .actual(at, standing);
    if (positions.stream().noneMatch(position -> standing.holds(position, actual))) {
      var action = "go on with " + at.phase().label() + " of " + at.version();
      throw StepFailures.drift(at, action, standing.differences(actual));
    }
  }

  private Map<String, StepRecord> records(Plan plan, Phase phase) {
    return run.steps(plan.version()).stream()
        .filter(record -> record.phase() == phase)
        .collect(Collectors.toMap(StepRecord::id, Function.identity()));
  }

  /**
   * Whether the run need not look at a step again. A check that has been made counts only as long
   * as something behind it has been begun: what it looked at may have changed since.
   */
  private static boolean behind(
      Plan plan, Phase phase, Map<String, StepRecord> records, Step step) {
    var record = records.get(step.id());
    if (record == null || !record.finished()) {
      return false;
    }
    return switch (step) {
      case Step.Verify verify -> workBegunAfter(plan, phase, records, step);
      case Step.Gate gate -> workBegunAfter(plan, phase, records, step);
      case Step.Ddl ddl -> true;
      case Step.Rebuild rebuild -> true;
      case Step.Locked locked -> true;
      case Step.Backfill backfill -> true;
      case Step.Data data -> true;
    };
  }

  private static boolean workBegunAfter(
      Plan plan, Phase phase, Map<String, StepRecord> records, Step step) {
    var steps = plan.steps(phase);
    return steps.subList(steps.indexOf(step) + 1, steps.size()).stream()
        .filter(later -> !(later instanceof Step.Verify || later instanceof Step.Gate))
        .map(later -> records.get(later.id()))
        .anyMatch(record -> record != null && record.begun());
  }

  private static long rows(Step step) {
    return switch (step) {
      case Step.Backfill backfill -> backfill.rows();
      case Step.Verify verify -> verify.rows();
      case Step.Ddl ddl -> 0;
      case Step.Rebuild rebuild -> rebuild.rows();
      case Step.Locked locked -> 0;
      case Step.Data data -> 0;
      case Step.Gate gate -> 0;
    };
  }
}
