package dev.halcyon.cli;

import dev.halcyon.deploy.MigrationsFolder;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Refusal;
import dev.halcyon.model.Version;
import dev.halcyon.mysql.Server;
import dev.halcyon.pair.judge.Mode;
import dev.halcyon.pair.judge.Verdict;
import dev.halcyon.pair.proof.PairPlan;
import dev.halcyon.pair.proof.PairPlanning;
import dev.halcyon.sql.Script;
import dev.halcyon.sql.ScriptParser;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code halcyon pair plan}. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    description = {
      "Says whether a change can be on the passive server first, how replication takes each",
      "difference in both directions, and proves it with rows of scratch tables. Changes nothing.",
      "Exit status 1 if it cannot be made."
    })
final class PairPlanCommand implements Action {
  @Parameters(paramLabel = "VERSION", description = "The change, such as V12 or 12.")
  private Version version = Version.parse("1");

  @Override
  public Answer act(Invocation invocation) {
    var setup = PairSetupReader.read(invocation.layers().get());
    var script = script(setup.pair().first().server(), setup.migrations(), version);
    var plan = PairPlanning.of(setup.pair(), script);
    return new Answer(
        plan.findings().isEmpty() ? ExitStatus.DONE : ExitStatus.FINDINGS,
        text(script, plan),
        FindingText.of(plan.findings()),
        fields(script, plan));
  }

  /**
   * @throws Refusal HAL-220 if no file has the version; what is wrong with the file that has it
   */
  static Script script(Server server, Path migrations, Version version) {
    var folder =
        ScriptParser.parse(server.engine(), server.schema(), MigrationsFolder.read(migrations));
    var script =
        folder.scripts().stream()
            .filter(one -> one.version().equals(version))
            .findFirst()
            .orElseThrow(
                () ->
                    ErrorCode.VERSION_UNKNOWN.refuse(
                        "There is no file of " + version + " in the migrations folder.", ""));
    var wrong =
        folder.findings().stream()
            .filter(finding -> finding.blocks())
            .filter(
                finding -> finding.place() == null || finding.place().file().equals(script.file()))
            .toList();
    if (!wrong.isEmpty()) {
      throw new Refusal(ExitStatus.FINDINGS, wrong);
    }
    return script;
  }

  private static String text(Script script, PairPlan plan) {
    var text = new StringBuilder();
    text.append(script.version()).append(' ').append(script.description()).append('\n');
    text.append("  on ").append(plan.passive()).append(" first, then a switch, then on ");
    text.append(plan.active()).append(":\n");
    plan.statements().forEach(sql -> text.append("    ").append(sql.strip()).append(";\n"));
    text.append("  ").append(plan.judgement().mode().map(Mode::label).orElse("refused"));
    text.append('\n');
    plan.judgement().mode().ifPresent(_ -> lines(text, plan.judgement().reasons()));
    var rows = new ArrayList<List<String>>();
    rows.add(
        List.of(
            "    difference",
            plan.active() + " to " + plan.passive(),
            plan.passive() + " to " + plan.active()));
    for (Verdict verdict : plan.judgement().verdicts()) {
      rows.add(
          List.of(
              "    " + verdict.table() + ": " + verdict.difference(),
              verdict.forward().effect().label(),
              verdict.backward().effect().label()));
    }
    if (rows.size() > 1) {
      text.append(Columns.of(rows));
    }
    lines(text, plan.judgement().remarks().toList());
    lines(text, plan.proofs());
    return text.toString();
  }

  private static void lines(StringBuilder text, List<String> lines) {
    lines.forEach(line -> text.append("    ").append(line).append('\n'));
  }

  private static Map<String, Object> fields(Script script, PairPlan plan) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("version", script.version().text());
    fields.put("active", plan.active());
    fields.put("passive", plan.passive());
    fields.put("mode", plan.judgement().mode().map(Mode::label).orElse("refused"));
    fields.put("reasons", plan.judgement().reasons());
    fields.put("statements", plan.statements());
    fields.put(
        "differences",
        plan.judgement().verdicts().stream()
            .map(
                verdict ->
                    Map.of(
                        "table", verdict.table(),
                        "difference", verdict.difference(),
                        "forward", verdict.forward().effect().label(),
                        "forwardReason", verdict.forward().reason(),
                        "backward", verdict.backward().effect().label(),
                        "backwardReason", verdict.backward().reason()))
            .toList());
    fields.put("proofs", plan.proofs());
    fields.put("findings", FindingText.fields(plan.findings()));
    return fields;
  }
}
