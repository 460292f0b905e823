package dev.halcyon.deploy;

import dev.halcyon.backfill.BackfillContext;
import dev.halcyon.backfill.BackfillRunner;
import dev.halcyon.backfill.DataRunner;
import dev.halcyon.plan.Step;
import dev.halcyon.verify.Verifier;
import dev.halcyon.verify.VerifyContext;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Runs one step, whatever kind it is, so that running it again does no harm. */
final class StepExecutor {
  private final Run run;
  private final SchemaStatements schema;

  StepExecutor(Run run) {
    this.run = run;
    this.schema =
        new SchemaStatements(
            run.work(), run.settings().patience(), run.settings().events(), run.schema());
  }

  /**
   * @throws dev.halcyon.model.Failure when the step cannot end well
   */
  StepResult run(ChangePhase at, Step step) {
    return switch (step) {
      case Step.Ddl ddl -> new StepResult(!schema.run(at, ddl), 0, List.of());
      case Step.Locked locked -> new StepResult(!schema.run(at, locked), 0, List.of());
      case Step.Rebuild rebuild -> rebuild(at, rebuild);
      case Step.Backfill backfill -> {
        var report = new BackfillRunner(backfill, backfillContext(at, step)).run();
        yield StepResult.done(report.rows());
      }
      case Step.Data data -> {
        new DataRunner(data, backfillContext(at, step)).run();
        yield StepResult.done(0);
      }
      case Step.Verify verify -> {
        var report = new Verifier(verify, verifyContext(at)).run();
        var findings = VerifyFindings.of(at, verify, report);
        yield new StepResult(false, report.rows(), findings);
      }
      // Gates are looked at together, before the first step of the phase.
      case Step.Gate gate -> StepResult.done(0);
    };
  }

  private StepResult rebuild(ChangePhase at, Step.Rebuild step) {
    var rebuilds = new Rebuilds(run);
    if (rebuilds.underWay(step)) {
      return StepResult.done(rebuilds.run(step.sql()).rows());
    }
    var rows = new AtomicLong();
    var ran = schema.run(at, step, () -> rows.set(rebuilds.run(step.sql()).rows()));
    return new StepResult(!ran, rows.get(), List.of());
  }

  private BackfillContext backfillContext(ChangePhase at, Step step) {
    var settings = run.settings();
    return new BackfillContext(
        at.version().text(),
        run.lease(),
        new JournalCheckpoints(run.journal(), at.version(), at.phase(), step.id()),
        settings.throttle(),
        settings.pace(),
        settings.leaseTimes().patience(),
        settings.events(),
        settings.stop()::requested);
  }

  private VerifyContext verifyContext(ChangePhase at) {
    var settings = run.settings();
    return new VerifyContext(
        at.version().text(),
        run.lease(),
        settings.throttle(),
        settings.pace(),
        settings.leaseTimes().patience(),
        settings.events(),
        settings.stop()::requested);
  }
}
