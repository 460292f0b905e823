package dev.halcyon.cli;

import dev.halcyon.journal.Holder;
import dev.halcyon.journal.LeaseTimes;
import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Failure;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Version;
import dev.halcyon.rollout.Release;
import dev.halcyon.rollout.Rollout;
import dev.halcyon.rollout.RolloutReport;
import dev.halcyon.rollout.RolloutSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code halcyon release}. */
@Command(
    name = "release",
    mixinStandardHelpOptions = true,
    description = {
      "Takes the application from one version to the next, as release.toml says: lint, expand,",
      "verify, start, smoke tests, traffic in steps under watch, drain. Takes traffic back when the",
      "new version is worse than allowed (exit status 1). Goes on where a run has stopped."
    })
final class ReleaseCommand implements Action {
  @Option(
      names = "--file",
      paramLabel = "<file>",
      description = "The release file (default: release.toml).")
  private @Nullable String file;

  @Option(names = "--dry-run", description = "Show every step, command and statement; do nothing.")
  private boolean dryRun;

  @Option(names = "--revert", description = "Take all traffic back to the old version.")
  private boolean revert;

  @Override
  public Answer act(Invocation given) {
    Invocation invocation = counting(given);
    String name = file == null ? ReleaseFile.NAME : file;
    Release release = ReleaseFile.read(invocation.folder().resolve(name));
    String line = "halcyon release" + (file == null ? "" : " --file " + file);
    if (!dryRun) {
      invocation.stop().listen(invocation.console(), line);
    }
    return Workplace.use(
        invocation,
        workplace -> {
          var schema = new ReleaseSchema(invocation, workplace, release.changes());
          var settings =
              new RolloutSettings(
                  workplace.server(),
                  Holder.current(invocation.line().replaceFirst("^halcyon ", "")),
                  line,
                  LeaseTimes.DEFAULT,
                  invocation.events(),
                  invocation.stop()::requested,
                  invocation.journalWrites());
          var rollout = new Rollout(settings, release, schema);
          if (dryRun) {
            return story(release, rollout, schema);
          }
          return answer(revert ? rollout.revert() : rollout.run());
        });
  }

  /** A release has several journals one after the other; their writes count as those of one. */
  private static Invocation counting(Invocation invocation) {
    var writes = new AtomicInteger();
    IntConsumer all = _ -> invocation.journalWrites().accept(writes.incrementAndGet());
    return new Invocation(
        invocation.folder(),
        invocation.line(),
        invocation.console(),
        invocation.settings(),
        invocation.layers(),
        invocation.events(),
        invocation.stop(),
        all);
  }

  private static Answer story(Release release, Rollout rollout, ReleaseSchema schema) {
    List<Finding> lint = schema.lint();
    var text = new StringBuilder();
    text.append("release ").append(release.from().name());
    text.append(" -> ").append(release.to().name()).append("\n\n");
    text.append(FindingText.of(lint));
    String plans = schema.plans();
    text.append(plans.isEmpty() ? "nothing pending\n" : plans).append('\n');
    text.append(rollout.story());
    var fields = new LinkedHashMap<String, Object>();
    fields.put("story", text.toString());
    fields.put("findings", FindingText.fields(lint));
    String complaint = problems(rollout);
    ExitStatus status =
        !complaint.isEmpty()
            ? ExitStatus.FAILED
            : lint.stream().anyMatch(Finding::blocks) ? ExitStatus.FINDINGS : ExitStatus.DONE;
    return new Answer(status, text.toString(), complaint, fields);
  }

  private static String problems(Rollout rollout) {
    try {
      return FindingText.of(rollout.problems());
    } catch (Failure silent) {
      return ErrorText.of(silent, "halcyon release --dry-run", "").complaint();
    }
  }

  private static Answer answer(RolloutReport report) {
    var text = new StringBuilder(report.message()).append('\n');
    report.notes().forEach(note -> text.append("  ").append(note).append('\n'));
    var fields = new LinkedHashMap<String, Object>();
    fields.put("message", report.message());
    fields.put("live", report.live());
    fields.put("changes", report.changes().stream().map(Version::text).toList());
    fields.put("notes", report.notes());
    fields.put("findings", FindingText.fields(report.findings()));
    return new Answer(report.status(), text.toString(), FindingText.of(report.findings()), fields);
  }
}
