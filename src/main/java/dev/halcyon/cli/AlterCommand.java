package dev.halcyon.cli;

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
  @Parameters(paramLabel = "STATEMENT", description = "One ALTER TABLE, in quotes.")
  private String statement = "";

  @Option(
      names = "--way",
      paramLabel = "<way>",
      description = "instant, in-place, online-copy, rebuild or copy; refused if it is not safe.")
  private @Nullable Way way;

  @Option(names = "--dry-run", description = "Say which way it would take, and change nothing.")
  private boolean dryRun;

  @Override
  public Answer act(Invocation invocation) {
    if (dryRun) {
      return Workplace.use(
          invocation, place -> Answer.of(place.deployment().alterWay(statement, way)));
    }
    return Workplace.run(invocation, deployment -> Answer.of(deployment.alter(statement, way)));
  }
}
