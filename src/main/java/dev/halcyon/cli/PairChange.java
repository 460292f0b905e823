package dev.halcyon.cli;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Refusal;
import dev.halcyon.model.Version;
import dev.halcyon.mysql.Patience;
import dev.halcyon.pair.Expansion;
import dev.halcyon.pair.judge.Judge;
import dev.halcyon.pair.judge.Mode;
import dev.halcyon.pair.proof.PairPlanning;
import dev.halcyon.progress.Figures;
import dev.halcyon.sql.Script;
import dev.halcyon.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.function.Function;

/** A change on one server of a pair. */
final class PairChange {
  private PairChange() {}

  static Answer run(
      Invocation invocation, Version version, Function<Expansion, Expansion.Report> command) {
    var layers = invocation.layers().get();
    var setup = PairSetupReader.read(layers);
    var lockWait = layers.duration(Setting.LOCK_WAIT, Duration.ofSeconds(1));
    layers.throwIfProblems();
    var script = PairPlanCommand.script(setup.pair().first().server(), setup.migrations(), version);
    var statements = Judge.statements(script).stream().map(Statement::text).toList();
    var expansion =
        new Expansion(
            setup.pair(),
            new Expansion.Order(
                script.version(), script.description(), script.checksum(), statements),
            (_, _) -> requireSafe(setup, script),
            new Patience(lockWait, Patience.defaults().budget()),
            invocation.events(),
            invocation.journalWrites());
    return answer(script, command.apply(expansion));
  }

  /** By the same judgement and the same proof as {@code halcyon pair plan}. */
  private static void requireSafe(PairSetup setup, Script script) {
    var plan = PairPlanning.of(setup.pair(), script);
    if (!plan.findings().isEmpty()) {
      throw new Refusal(ExitStatus.FINDINGS, plan.findings());
    }
    if (plan.judgement().mode().filter(mode -> mode == Mode.UNLOGGED).isEmpty()) {
      throw ErrorCode.PAIR_NOT_READY.refuse(
          "Rows of the changed server would not pass to the other one: "
              + String.join("; ", plan.judgement().reasons()),
          "Make it online, through the active server: halcyon expand " + script.version());
    }
  }

  private static Answer answer(Script script, Expansion.Report report) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("version", script.version().text());
    fields.put("server", report.server());
    fields.put("statements", report.statements());
    fields.put("skipped", report.skipped());
    var skipped =
        report.skipped() == 0 ? "" : ", " + report.skipped() + " of them by an earlier run";
    return Answer.done(
        "%s has %s: %s%s%n"
            .formatted(
                report.server(),
                script.version(),
                Figures.count(report.statements(), "statement"),
                skipped),
        fields);
  }
}
