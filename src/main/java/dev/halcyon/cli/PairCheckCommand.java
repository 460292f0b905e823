package dev.halcyon.cli;

import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Finding;
import dev.halcyon.pair.check.Mend;
import dev.halcyon.pair.check.PairCheck;
import dev.halcyon.pair.check.Preconditions;
import dev.halcyon.pair.check.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code halcyon pair check}. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = {
      "Says what of both servers and both links stands against a switchover, all at once, each with",
      "what mends it. Exit status 1 if something would stop one. Changes nothing without --fix."
    })
final class PairCheckCommand implements Action {
  @Option(names = "--fix", description = "Run the statements that disturb nothing, and look again.")
  private boolean fix;

  @Option(
      names = "--rows",
      description = {
        "Compare all rows of both servers, too, and look for values of unique keys that",
        "stand for another row on the other one. Takes as long as reading them."
      })
  private boolean rows;

  @Override
  public Answer act(Invocation invocation) {
    var setup = PairSetupReader.read(invocation.layers().get());
    var problems = problems(setup);
    var done = List.<Mend>of();
    if (fix) {
      done = PairCheck.fix(setup.pair(), problems);
      problems = problems(setup);
    }
    var findings = problems.stream().map(Problem::finding).toList();
    boolean fit = findings.stream().noneMatch(Finding::blocks);
    var fields = new LinkedHashMap<String, Object>();
    fields.put("fit", fit);
    fields.put("findings", FindingText.fields(findings));
    fields.put("mended", done.stream().map(Mend::words).toList());
    return new Answer(
        fit ? ExitStatus.DONE : ExitStatus.FINDINGS,
        done.stream().map(mend -> "done: " + mend.words() + "\n").collect(Collectors.joining())
            + (fit ? "the pair is fit for a switchover\n" : "the pair is not fit\n"),
        FindingText.of(findings),
        fields);
  }

  private List<Problem> problems(PairSetup setup) {
    return Preconditions.of(PairCheck.readAll(setup.pair(), setup.settings().longestLag(), rows));
  }
}
