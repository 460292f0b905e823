package dev.halcyon.cli;

import dev.halcyon.model.Version;
import dev.halcyon.mysql.Patience;
import dev.halcyon.pair.Expansion;
import dev.halcyon.pair.judge.Mode;
import dev.halcyon.pair.proof.ProvenExpansion;
import dev.halcyon.progress.Figures;
import dev.halcyon.sql.Script;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.function.Function;

/** A change on one server of a pair. */
final class PairChange {
  private PairChange() {}

  static Answer run(
      Invocation invocation,
      Version version,
      Mode mode,
      Function<Expansion, Expansion.Report> command) {
    var layers = invocation.layers().get();
    var setup = PairSetupReader.read(layers);
    var lockWait = layers.duration(Setting.LOCK_WAIT, Duration.ofSeconds(1));
    layers.throwIfProblems();
    var script = PairPlanCommand.script(setup.pair().first().server(), setup.migrations(), version);
    var expansion =
        ProvenExpansion.of(
            setup.pair(),
            script,
            mode,
            new Patience(lockWait, Patience.defaults().budget()),
            invocation.events(),
            invocation.journalWrites());
    return answer(script, command.apply(expansion));
  }

  private static Answer answer(Script script, Expansion.Report report) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("version", script.version().text());
    fields.put("server", report.server());
    fields.put("statements", report.statements());
    fields.put("skipped", report.skipped());
    fields.put("waiting", report.waiting());
    var skipped =
        report.skipped() == 0 ? "" : ", " + report.skipped() + " of them by an earlier run";
    var waiting =
        report.waiting().isEmpty()
            ? ""
            : "%n%s applies nothing of %s until halcyon pair finish %s"
                .formatted(report.waiting(), report.server(), script.version());
    return Answer.done(
        "%s has %s: %s%s%s%n"
            .formatted(
                report.server(),
                script.version(),
                Figures.count(report.statements(), "statement"),
                skipped,
                waiting),
        fields);
  }
}
