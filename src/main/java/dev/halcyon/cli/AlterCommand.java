package dev.halcyon.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code halcyon alter}. */
@Command(
    name = "alter",
    mixinStandardHelpOptions = true,
    description = {
      "Changes one table by copying it while the application works: every row is compared before",
      "the tables are swapped. An interrupted run goes on by the same command."
    })
final class AlterCommand implements Action {
  @Parameters(paramLabel = "STATEMENT", description = "One ALTER TABLE, in quotes.")
  private String statement = "";

  @Override
  public Answer act(Invocation invocation) {
    return Workplace.run(invocation, deployment -> Answer.of(deployment.alter(statement)));
  }
}
