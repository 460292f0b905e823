package dev.halcyon.cli;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Refusal;
import dev.halcyon.rebuild.Control;
import dev.halcyon.rebuild.Way;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code halcyon alter}. */
@Command(
    name = "alter",
    mixinStandardHelpOptions = true,
    description = {
      "Changes one table while the application works, by the mildest way that the server and the",
      "table allow: instant, in place, online copy, or a rebuild. An interrupted run goes on by the",
      "same command."
    })
final class AlterCommand implements Action {
  @Parameters(
      paramLabel = "STATEMENT",
      arity = "0..1",
      description = "One ALTER TABLE, in quotes; with --control and --abort the name of a table.")
  private String statement = "";

  @Option(
      names = "--way",
      paramLabel = "<way>",
      description = "instant, in-place, online-copy, rebuild or copy; refused if it is not safe.")
  private @Nullable Way way;

  @Option(names = "--dry-run", description = "Say which way it would take, and change nothing.")
  private boolean dryRun;

  @Option(
      names = "--control",
      paramLabel = "<order>",
      description = {
        "Tell a rebuild under way, from anywhere: status, pause, resume, postpone (the cut-over),",
        "cut-over, stop, chunk-time=100ms."
      })
  private @Nullable Control control;

  @Option(names = "--abort", description = "Remove what a rebuild that will not be ended has left.")
  private boolean abort;

  @Override
  public Answer act(Invocation invocation) {
    var order = control;
    if (order != null) {
      return Workplace.use(
          invocation, place -> Answer.of(place.deployment().control(statement, order)));
    }
    if (abort) {
      return Workplace.run(invocation, deployment -> Answer.of(deployment.abort(statement)));
    }
    if (statement.isBlank()) {
      throw Refusal.of(
          ExitStatus.USAGE,
          Finding.error(
              ErrorCode.NOT_SUPPORTED.code(),
              null,
              "A statement is missing.",
              "halcyon alter \"ALTER TABLE ...\""));
    }
    if (dryRun) {
      return Workplace.use(
          invocation, place -> Answer.of(place.deployment().alterWay(statement, way)));
    }
    return Workplace.run(invocation, deployment -> Answer.of(deployment.alter(statement, way)));
  }
}
