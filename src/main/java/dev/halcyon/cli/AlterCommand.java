package dev.halcyon.cli;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Refusal;
import dev.halcyon.rebuild.Control;
import dev.halcyon.rebuild.Way;
import java.time.Duration;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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
  private static final Pattern STATEMENT = Pattern.compile("(?i)\\s*ALTER\\s");

  @Parameters(
      paramLabel = "STATEMENT",
      arity = "0..1",
      description = {
        "One ALTER TABLE, in quotes; with --control, --abort and --revert the name of a table, with",
        "--keep either."
      })
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
        "cut-over, stop, chunk-time=100ms, workers=4."
      })
  private @Nullable Control control;

  @Option(names = "--abort", description = "Remove what a rebuild that will not be ended has left.")
  private boolean abort;

  @Option(
      names = "--keep",
      description = {
        "Rebuild the table and keep the old one, following the new one, so that --revert can take",
        "the change back. Works until the keep time is over; the same with the table's name goes on."
      })
  private boolean keep;

  @Option(
      names = "--keep-time",
      paramLabel = "<time>",
      description = "How long the old table is kept; 24h unless told otherwise.")
  private Duration keepTime = Duration.ofHours(24);

  @Option(
      names = "--revert",
      description = "Swap the old table back in, with every write that was made since.")
  private boolean revert;

  @Override
  public Answer act(Invocation invocation) {
    var order = control;
    if (order != null) {
      return Workplace.use(
          invocation, place -> Answer.of(place.deployment().control(statement, order)));
    }
    if (Stream.of(abort, keep, revert).filter(one -> one).count() > 1) {
      throw usage("Only one of --abort, --keep and --revert can be done.");
    }
    if (keep && way != null && way != Way.REBUILD) {
      throw usage("Only a rebuild keeps the old table.");
    }
    if (revert || (keep && !STATEMENT.matcher(statement).lookingAt())) {
      if (statement.isBlank()) {
        throw usage("The name of a table is missing.");
      }
      return Workplace.run(
          invocation, place -> Answer.of(revert ? place.revert(statement) : place.keep(statement)));
    }
    if (abort) {
      return Workplace.run(invocation, deployment -> Answer.of(deployment.abort(statement)));
    }
    if (statement.isBlank()) {
      throw usage("A statement is missing.");
    }
    if (dryRun) {
      return Workplace.use(
          invocation, place -> Answer.of(place.deployment().alterWay(statement, way)));
    }
    return Workplace.run(
        invocation,
        deployment ->
            Answer.of(
                keep
                    ? deployment.alterAndKeep(statement, keepTime)
                    : deployment.alter(statement, way)));
  }

  private static Refusal usage(String message) {
    return Refusal.of(
        ExitStatus.USAGE,
        Finding.error(
            ErrorCode.NOT_SUPPORTED.code(), null, message, "halcyon alter \"ALTER TABLE ...\""));
  }
}
