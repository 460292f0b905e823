package dev.halcyon.deploy;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Phase;
import dev.halcyon.mysql.Catalog;
import dev.halcyon.mysql.Session;
import dev.halcyon.mysql.StoredText;
import dev.halcyon.plan.Plan;
import dev.halcyon.plan.Step;
import dev.halcyon.rollout.LiveVersion;
import dev.halcyon.usage.Usage;
import dev.halcyon.usage.UsageText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What must hold before a contract may begin; looked at anew in every run. */
final class Gates {
  private final Run run;

  Gates(Run run) {
    this.run = run;
  }

  /** Why gates of the plan are closed; empty when all are open. */
  List<Finding> closed(Plan plan) {
    var findings = new ArrayList<Finding>();
    for (var step : plan.contract()) {
      if (step instanceof Step.Gate gate) {
        tooEarly(plan, gate, findings);
      }
    }
    perhapsInUse(plan, findings);
    stillLive(plan, findings);
    findings.addAll(stillNamed(plan, Phase.CONTRACT));
    return findings;
  }

  /** Views and programs that name what the phase takes away, and that it does not see to. */
  List<Finding> stillNamed(Plan plan, Phase phase) {
    var away = new GoingAway(plan, phase);
    if (away.isEmpty()) {
      return List.of();
    }
    return run.work()
        .read(
            session ->
                away.stillNamed(
                    StoredText.all(session, run.schema()),
                    Catalog.elements(session, run.schema(), away.elements())));
  }

  /** The same while there is time: what contract will wait for. */
  List<Finding> toRedefine(Plan plan) {
    return stillNamed(plan, Phase.CONTRACT).stream()
        .map(
            f ->
                Finding.information(
                    f.code(),
                    f.place(),
                    f.message(),
                    "Redefine or drop it while the window is open; halcyon contract "
                        + plan.version()
                        + " waits for that."))
        .toList();
  }

  private void tooEarly(Plan plan, Step.Gate gate, List<Finding> findings) {
    var wanted = gate.open();
    if (wanted == null) {
      return;
    }
    var been = run.journal().read(reader -> reader.secondsOpen(plan.version()));
    var open = Duration.ofSeconds(been.orElse(0L));
    if (open.compareTo(wanted) < 0) {
      findings.add(
          closed(
              "%s: the window has been open for %s of %s"
                  .formatted(plan.version(), words(open), words(wanted)),
              "Wait " + words(wanted.minus(open)) + " more, then type the same command again."));
    }
  }

  private void stillLive(Plan plan, List<Finding> findings) {
    run.journal()
        .ask(session -> LiveVersion.needsOldShape(session, plan.version()))
        .ifPresent(
            words ->
                findings.add(
                    closed(
                        plan.version() + ": " + words,
                        "End the release first. If nobody works with the old shape any more, pass"
                            + " the gate with a reason.")));
  }

  /** How long what the plan takes away must not have been used; null if nobody asks for it. */
  private @Nullable Duration unused(Plan plan) {
    var asked = unusedBy(plan);
    return asked == null ? run.settings().usage().gate() : asked;
  }

  /** By the change itself. */
  static @Nullable Duration unusedBy(Plan plan) {
    return plan.contract().stream()
        .filter(Step.Gate.class::isInstance)
        .map(step -> ((Step.Gate) step).unused())
        .filter(Objects::nonNull)
        .max(Duration::compareTo)
        .orElse(null);
  }

  /** The watch begins with the window, if contract will ask for it. */
  void watch(Plan plan) {
    if (unused(plan) != null) {
      run.work().read(session -> usage(session).begin());
    }
  }

  /** Not to know is not the same as unused. */
  private void perhapsInUse(Plan plan, List<Finding> findings) {
    var wanted = unused(plan);
    var away = new GoingAway(plan, Phase.CONTRACT);
    if (wanted == null || away.names().isEmpty()) {
      return;
    }
    var report =
        run.work()
            .read(
                session -> {
                  var usage = usage(session);
                  usage.open();
                  return usage.report(away.names(), wanted, away.seenTo());
                });
    findings.addAll(UsageText.closed(plan.version().toString(), report));
  }

  private Usage usage(Session session) {
    return new Usage(run.settings().usage(), session, run.schema());
  }

  private static Finding closed(String message, String remedy) {
    return Finding.error(ErrorCode.GATE_CLOSED.code(), null, message, remedy);
  }

  private static String words(Duration time) {
    var days = time.toDays();
    return days > 0
        ? String.format(Locale.ROOT, "%d d %d h", days, time.toHoursPart())
        : String.format(
            Locale.ROOT,
            "%d h %d min %d s",
            time.toHours(),
            time.toMinutesPart(),
            time.toSecondsPart());
  }
}
