package dev.halcyon.deploy;

import dev.halcyon.journal.ChangeRecord;
import dev.halcyon.journal.JournalReader;
import dev.halcyon.model.ChangeState;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Failure;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Phase;
import dev.halcyon.model.Refusal;
import dev.halcyon.model.Version;
import dev.halcyon.plan.Plan;
import dev.halcyon.plan.Step;
import dev.halcyon.rebuild.Control;
import dev.halcyon.rebuild.Way;
import dev.halcyon.sql.Script;
import dev.halcyon.usage.Look;
import dev.halcyon.usage.Source;
import dev.halcyon.usage.UsageReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Takes changes through their phases. Each method is one command: it refuses ({@link Refusal},
 * nothing changed), fails ({@link Failure}, the journal knows how far it came; the same command
 * goes on), or tells its {@link Outcome}.
 *
 * <p>Immutable; one command at a time on a schema is the lease's care.
 */
public final class Deployment {
  private final DeploySettings settings;
  private final Planning planning;

  public Deployment(DeploySettings settings) {
    this(settings, new RehearsedPlanning(settings.server(), settings.limits(), settings.capture()));
  }

  /** With plans from elsewhere. */
  Deployment(DeploySettings settings, Planning planning) {
    this.settings = settings;
    this.planning = planning;
  }

  /**
   * Changes one table while the application works.
   *
   * @param statement one {@code ALTER TABLE}
   * @param wanted the way that it must take, null for the best
   */
  public Outcome alter(String statement, @Nullable Way wanted) {
    return new Alteration(settings, statement).run(wanted);
  }

  /**
   * Changes one table by a rebuild and keeps the old one for a time, following the new one; returns
   * when that time is over or another run has taken it over.
   */
  public Outcome alterAndKeep(String statement, Duration time) {
    return new Alteration(settings, statement).runAndKeep(time);
  }

  /** Goes on with the keeping of an old table. */
  public Outcome keep(String table) {
    return new Keeping(settings, table).run();
  }

  /** Swaps an old table that is kept back in. */
  public Outcome revert(String table) {
    return new Keeping(settings, table).revert();
  }

  /** Says which way {@link #alter} would take, and changes nothing. */
  public Outcome alterWay(String statement, @Nullable Way wanted) {
    return new Alteration(settings, statement).choose(wanted);
  }

  /**
   * Tells rebuilds under way something, or only asks; from any machine, while they run.
   *
   * @param table empty for all
   */
  public Outcome control(String table, Control control) {
    return RebuildCare.control(settings, table, control);
  }

  /**
   * Removes what a rebuild of a table has left, which then stays as it is.
   *
   * @param table empty for the only one
   */
  public Outcome abort(String table) {
    return RebuildCare.abort(settings, table);
  }

  /** Creates Halcyon's tables and takes over what other tools have applied. */
  public Outcome init() {
    return new Initialisation(settings).run();
  }

  /** Where every change stands, and what of Halcyon's is in the schema. */
  public Status status() {
    return StatusReader.read(settings);
  }

  /**
   * What applications still use.
   *
   * @param named tables and columns; none means what the contracts of open windows take away
   * @param period how long back from now
   * @param logs who else has seen statements, asked this time only
   */
  public UsageReport usage(List<String> named, Duration period, List<Source> logs) {
    return new UsageReading(settings, logs).report(named, period);
  }

  /**
   * Keeps what is known of use now, and from now on.
   *
   * @param logs who else has seen statements, asked this time only
   * @return what is not watched
   */
  public List<Look.Missing> watchUsage(List<Source> logs) {
    return new UsageReading(settings, logs).sample();
  }

  /**
   * The plans of changes that have not begun; what has begun shows its stored plan.
   *
   * @param named none means all that are pending
   */
  public List<Plan> plan(List<Version> named, boolean outOfOrder) {
    return new PlanPreview(settings, planning).plans(named, outOfOrder);
  }

  /**
   * New shape, sync triggers, backfill, verify; then what repeatable files have changed.
   *
   * @param named none means all that are pending
   */
  public Outcome expand(List<Version> named, boolean outOfOrder) {
    var folder = MigrationsFolder.parse(settings.migrations(), settings.server());
    ServerReadiness.refuse(settings.server());
    try (var run = Run.open(settings)) {
      var selection = new Selection(folder, run.journal().read(Untouched::without));
      var choice = selection.toExpand(named, outOfOrder);
      var ahead = planAll(run, selection, choice);
      var scripts = choice.scripts();
      if (scripts.isEmpty() && !named.isEmpty()) {
        throw selection.nothingToDo(named, "expand");
      }
      var chosen = scripts.stream().map(Script::version).toList();
      for (var script : scripts) {
        var mismatches = expandOne(run, planToRun(run, selection, script, ahead));
        if (!mismatches.isEmpty()) {
          return outcome(run, ExitStatus.FINDINGS, "expanded, not verified", mismatches, chosen);
        }
      }
      var applied = new Repeatables(run).apply(folder.repeatables());
      var message =
          scripts.isEmpty() && applied == 0
              ? "nothing pending"
              : "%d expanded and verified, %d repeatable applied"
                  .formatted(scripts.size(), applied);
      var gates = new Gates(run);
      var toRedefine =
          chosen.stream().flatMap(v -> gates.toRedefine(run.storedPlan(v)).stream()).toList();
      return outcome(run, ExitStatus.DONE, message, toRedefine, chosen);
    }
  }

  /**
   * Compares every row of open windows, both directions.
   *
   * @param named none means all open windows
   */
  public Outcome verify(List<Version> named) {
    try (var run = Run.open(settings)) {
      var windows = Windows.choose(run, "verify", named, Windows::expanded, Set.of());
      var findings = new ArrayList<Finding>();
      for (var window : windows) {
        findings.addAll(verifyOne(run, run.storedPlan(window.version())));
      }
      var status = findings.isEmpty() ? ExitStatus.DONE : ExitStatus.FINDINGS;
      var message =
          windows.isEmpty()
              ? "no open window"
              : findings.isEmpty() ? "no row differs" : "rows differ";
      return outcome(run, status, message, findings, versions(windows));
    }
  }

  /**
   * Drops the old shape, as the plan said that was stored when the change was expanded.
   *
   * @param named none means all open windows
   * @param gateOverride why closed gates are passed, null to respect them
   */
  public Outcome contract(List<Version> named, @Nullable String gateOverride) {
    var folder = MigrationsFolder.parse(settings.migrations(), settings.server());
    try (var run = Run.open(settings)) {
      var ended = Set.of(ChangeState.CONTRACTED);
      var windows = Windows.choose(run, "contract", named, Windows::contractible, ended);
      var changedFiles = new Selection(folder, windows).changedFiles();
      if (!changedFiles.isEmpty()) {
        throw new Refusal(ExitStatus.FINDINGS, changedFiles);
      }
      var closed = closedGates(run, windows, gateOverride);
      if (!closed.isEmpty()) {
        return outcome(run, ExitStatus.GATE_CLOSED, "a gate is closed", closed, versions(windows));
      }
      for (var window : windows) {
        var mismatches = contractOne(run, run.storedPlan(window.version()), gateOverride);
        if (!mismatches.isEmpty()) {
          return outcome(
              run,
              ExitStatus.GATE_CLOSED,
              "rows differ, nothing dropped",
              mismatches,
              versions(windows));
        }
      }
      var message = windows.isEmpty() ? "no open window" : windows.size() + " contracted";
      return outcome(run, ExitStatus.DONE, message, List.of(), versions(windows));
    }
  }

  /**
   * Undoes open expansions, newest first. What the new application wrote into old columns through
   * the sync stays.
   *
   * @param named none means the open window, if there is just one
   * @param discard whether rows that exist in the new shape only may be lost
   */
  public Outcome rollback(List<Version> named, boolean discard) {
    try (var run = Run.open(settings)) {
      var windows = windowsToUndo(run, named);
      refuseBuiltOn(run, versions(windows));
      for (var window : windows) {
        rollbackOne(run, run.storedPlan(window.version()), discard);
      }
      var message = windows.isEmpty() ? "no open window" : windows.size() + " rolled back";
      return outcome(run, ExitStatus.DONE, message, List.of(), versions(windows));
    }
  }

  /** Every finding about every change, before anything is changed. */
  private List<Plan> planAll(Run run, Selection selection, Chosen chosen) {
    var pending = chosen.scripts().stream().filter(s -> selection.pending(s.version())).toList();
    return chosen.plans(planning, pending, run.windows());
  }

  /** What has begun goes by its stored plan; a plan made ahead holds for the first change only. */
  private Plan planToRun(Run run, Selection selection, Script script, List<Plan> ahead) {
    if (!selection.pending(script.version())) {
      return run.storedPlan(selection.record(script.version()).orElseThrow().version());
    }
    var isFirst = !ahead.isEmpty() && ahead.getFirst().version().equals(script.version());
    var plan =
        isFirst ? ahead.getFirst() : planning.plans(List.of(script), run.windows()).getFirst();
    run.store(plan);
    return plan;
  }

  private static List<Finding> expandOne(Run run, Plan plan) {
    var state = run.change(plan.version()).state();
    if (run.workBegun(plan, Phase.ROLLBACK)) {
      throw ErrorCode.STATE_WRONG.refuse(
          "The rollback of " + plan.version() + " has begun and has not ended.",
          "halcyon rollback " + plan.version());
    }
    if (state != ChangeState.EXPANDED) {
      if (state == ChangeState.FAILED) {
        run.journal().expansion(plan.version(), ChangeState.EXPANDING);
      }
      var phases = new PhaseRunner(run);
      var checked = run.workBegun(plan, Phase.EXPAND) ? Set.<String>of() : checkFirst(run, plan);
      phases.run(plan, Phase.EXPAND, checked);
      run.journal().expansion(plan.version(), ChangeState.EXPANDED);
    }
    new Gates(run).watch(plan);
    return verifyOne(run, plan);
  }

  /** Rows that stand against the change are told all together, before anything is changed. */
  private static Set<String> checkFirst(Run run, Plan plan) {
    var leading = leadingChecks(plan.expand());
    if (leading.isEmpty()) {
      return Set.of();
    }
    var found = new PhaseRunner(run).verify(plan, Phase.EXPAND, leading);
    if (!found.isEmpty()) {
      run.journal().expansion(plan.version(), ChangeState.FAILED);
      throw new Refusal(ExitStatus.FINDINGS, found);
    }
    return leading.stream().map(Step::id).collect(Collectors.toUnmodifiableSet());
  }

  private static List<Finding> verifyOne(Run run, Plan plan) {
    var mismatches = new PhaseRunner(run).verify(plan, Phase.VERIFY, checks(plan.verify()));
    var state = mismatches.isEmpty() ? ChangeState.VERIFIED : ChangeState.EXPANDED;
    run.journal().expansion(plan.version(), state);
    return mismatches;
  }

  private static List<Finding> contractOne(Run run, Plan plan, @Nullable String gateOverride) {
    var phases = new PhaseRunner(run);
    var checked = Set.<String>of();
    if (!run.workBegun(plan, Phase.CONTRACT)) {
      var leading = leadingChecks(plan.contract());
      var mismatches = new ArrayList<>(verifyOne(run, plan));
      mismatches.addAll(phases.verify(plan, Phase.CONTRACT, leading));
      if (!mismatches.isEmpty()) {
        return mismatches;
      }
      checked = leading.stream().map(Step::id).collect(Collectors.toUnmodifiableSet());
    }
    run.journal().contractBegins(plan.version(), gateOverride);
    phases.run(plan, Phase.CONTRACT, checked);
    run.journal().contracted(plan.version());
    return List.of();
  }

  private static void rollbackOne(Run run, Plan plan, boolean discard) {
    var phases = new PhaseRunner(run);
    var losses = checks(plan.rollback());
    var expanded =
        run.steps(plan.version()).stream()
            .filter(step -> step.phase() == Phase.EXPAND)
            .allMatch(step -> step.finished());
    if (!run.workBegun(plan, Phase.ROLLBACK)) {
      var named = new Gates(run).stillNamed(plan, Phase.ROLLBACK);
      if (!named.isEmpty()) {
        throw new Refusal(ExitStatus.GATE_CLOSED, named);
      }
    }
    // Nobody can have written into a shape that was never complete.
    if (expanded && !discard && !run.workBegun(plan, Phase.ROLLBACK)) {
      var found = phases.verify(plan, Phase.ROLLBACK, losses);
      if (!found.isEmpty()) {
        throw new Refusal(ExitStatus.GATE_CLOSED, found);
      }
    }
    new Rebuilds(run).abandonExpansion(plan);
    var checked = losses.stream().map(Step::id).collect(Collectors.toUnmodifiableSet());
    phases.run(plan, Phase.ROLLBACK, checked);
    run.journal().expansion(plan.version(), ChangeState.ROLLED_BACK);
  }

  private static List<Finding> closedGates(
      Run run, List<ChangeRecord> windows, @Nullable String gateOverride) {
    var closed = new ArrayList<Finding>();
    for (var window : windows) {
      var plan = run.storedPlan(window.version());
      if (gateOverride == null && !run.workBegun(plan, Phase.CONTRACT)) {
        closed.addAll(new Gates(run).closed(plan));
      }
    }
    return closed;
  }

  private static List<ChangeRecord> windowsToUndo(Run run, List<Version> named) {
    var ended = Set.of(ChangeState.ROLLED_BACK);
    var open = Windows.choose(run, "roll back", named, Windows::undoable, ended);
    if (named.isEmpty() && open.size() > 1) {
      throw ErrorCode.STATE_WRONG.refuse(
          "Several windows are open: "
              + open.stream().map(r -> r.version().toString()).collect(Collectors.joining(", ")),
          "Name those to roll back.");
    }
    return open.reversed();
  }

  private static void refuseBuiltOn(Run run, List<Version> undone) {
    var staying =
        run.journal().read(JournalReader::changes).stream()
            .filter(r -> r.windowOpen() && !undone.contains(r.version()))
            .map(r -> run.storedPlan(r.version()))
            .toList();
    undone.forEach(version -> StoredWindows.refuseBuiltOn(run.storedPlan(version), staying));
  }

  private static List<Step.Verify> checks(List<Step> steps) {
    return steps.stream()
        .filter(Step.Verify.class::isInstance)
        .map(Step.Verify.class::cast)
        .toList();
  }

  /** The checks that stand before anything that does more than look. */
  private static List<Step.Verify> leadingChecks(List<Step> steps) {
    return checks(
        steps.stream()
            .takeWhile(step -> step instanceof Step.Verify || step instanceof Step.Gate)
            .toList());
  }

  private static Outcome outcome(
      Run run,
      ExitStatus status,
      String message,
      List<Finding> findings,
      Collection<Version> versions) {
    var changes =
        run.journal().read(JournalReader::changes).stream()
            .filter(record -> versions.contains(record.version()))
            .map(r -> new Outcome.Change(r.version(), r.description(), r.state()))
            .toList();
    return new Outcome(status, message, findings, changes);
  }

  private static List<Version> versions(List<ChangeRecord> windows) {
    return windows.stream().map(ChangeRecord::version).toList();
  }
}
