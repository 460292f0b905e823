package dev.halcyon.deploy;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Phase;
import dev.halcyon.mysql.Catalog;
import dev.halcyon.mysql.StoredText;
import dev.halcyon.plan.Plan;
import dev.halcyon.plan.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

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
        perhapsInUse(plan, gate, findings);
      }
    }
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

  /** Not to know is not the same as unused. */
  private static void perhapsInUse(Plan plan, Step.Gate gate, List<Finding> findings) {
    var wanted = gate.unused();
    if (wanted != null) {
      findings.add(
          closed(
              "%s: nothing observes yet whether %s is still used, so it is not known to be unused for %s"
                  .formatted(plan.version(), String.join(", ", gate.drops()), words(wanted)),
              "When you know that it is unused, pass the gate with a reason; the reason is kept in"
                  + " halcyon_contract_version."));
    }
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
