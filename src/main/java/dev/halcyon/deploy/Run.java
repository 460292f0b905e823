package dev.halcyon.deploy;

import dev.halcyon.journal.ChangeRecord;
import dev.halcyon.journal.Journal;
import dev.halcyon.journal.Lease;
import dev.halcyon.journal.StepRecord;
import dev.halcyon.model.Phase;
import dev.halcyon.model.ServerFacts;
import dev.halcyon.model.Version;
import dev.halcyon.mysql.Scratch;
import dev.halcyon.plan.Plan;
import dev.halcyon.plan.PlanJson;
import dev.halcyon.plan.Step;
import java.util.List;
import java.util.stream.Collectors;

/** What a command that changes something holds while it works: lease, journal, work session. */
final class Run implements AutoCloseable {
  private final DeploySettings settings;
  private final Lease lease;
  private final Journal journal;
  private final WorkSession work;

  private Run(DeploySettings settings, Lease lease) {
    this.settings = settings;
    this.lease = lease;
    var holder = settings.holder();
    this.journal =
        new Journal(lease, holder.user() + "@" + holder.host(), settings.journalWrites());
    this.work = new WorkSession(lease, settings.stop(), settings.events()::on);
  }

  /**
   * Takes the lease, and tidies up what a run that died has left outside the schema.
   *
   * @throws dev.halcyon.model.Refusal HAL-601 when another run holds the lease, HAL-120 before init
   */
  static Run open(DeploySettings settings) {
    var lease =
        Lease.acquire(
            settings.server(), settings.holder(), settings.leaseTimes(), settings.events());
    var run = new Run(settings, lease);
    try {
      var _ = run.work.read(Scratch::sweep);
      return run;
    } catch (RuntimeException | Error failure) {
      try (run) {
        throw failure;
      }
    }
  }

  DeploySettings settings() {
    return settings;
  }

  Lease lease() {
    return lease;
  }

  Journal journal() {
    return journal;
  }

  WorkSession work() {
    return work;
  }

  String schema() {
    return settings.server().schema();
  }

  /** The plan as it was stored when the change began to expand. */
  Plan storedPlan(Version version) {
    return PlanJson.read(journal.read(reader -> reader.plan(version)));
  }

  ChangeRecord change(Version version) {
    return journal.read(reader -> reader.change(version)).orElseThrow();
  }

  /** The change begins to expand, by this plan. */
  void store(Plan plan) {
    journal.store(plan, PlanJson.write(plan));
  }

  /** What is open now, and what each window touches. */
  List<ServerFacts.Window> windows() {
    return journal.read(StoredWindows::read);
  }

  /** Whether a step of the phase that does more than look has ever been begun. */
  boolean workBegun(Plan plan, Phase phase) {
    var begun =
        steps(plan.version()).stream()
            .filter(StepRecord::begun)
            .map(StepRecord::id)
            .collect(Collectors.toSet());
    return plan.steps(phase).stream()
        .filter(step -> !(step instanceof Step.Verify || step instanceof Step.Gate))
        .anyMatch(step -> begun.contains(step.id()));
  }

  List<StepRecord> steps(Version version) {
    return journal.read(reader -> reader.steps(version));
  }

  @Override
  public void close() {
    try (lease;
        journal;
        work) {
      // In this order backwards: the lease goes last.
    }
  }
}
