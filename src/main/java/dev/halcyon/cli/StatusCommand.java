package dev.halcyon.cli;

import dev.halcyon.deploy.Status;
import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Version;
import dev.halcyon.progress.Figures;
import dev.halcyon.rollout.ReleaseStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code halcyon status}. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = {
      "Says where every change stands, and what of Halcyon's is on the server.",
      "Exit status 1 if the file of an applied change was changed."
    })
final class StatusCommand implements Action {
  @Override
  public Answer act(Invocation invocation) {
    return Workplace.use(invocation, workplace -> answer(workplace.deployment().status()));
  }

  private static Answer answer(Status status) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("changes", status.changes().stream().map(StatusCommand::fields).toList());
    fields.put("objects", status.objects());
    putIfThere(fields, "holder", status.holder());
    var release = status.release();
    if (release != null) {
      fields.put("release", fields(release));
    }
    fields.put("findings", FindingText.fields(status.findings()));
    return new Answer(
        status.findings().isEmpty() ? ExitStatus.DONE : ExitStatus.FINDINGS,
        text(status),
        FindingText.of(status.findings()),
        fields);
  }

  private static Map<String, Object> fields(ReleaseStatus release) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("from", release.from());
    fields.put("to", release.to());
    fields.put("state", release.state());
    fields.put("live", release.live());
    putIfThere(fields, "step", release.step());
    putIfThere(fields, "reason", release.reason());
    fields.put("changes", release.changes().stream().map(Version::text).toList());
    return fields;
  }

  private static Map<String, Object> fields(Status.Change change) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("version", change.version().text());
    fields.put("description", change.description());
    fields.put("state", change.state().label());
    putIfThere(fields, "checksum", change.checksum());
    putIfThere(fields, "source", change.source());
    fields.put("steps", change.steps().stream().map(StatusCommand::fields).toList());
    return fields;
  }

  private static Map<String, Object> fields(Status.Step step) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("id", step.id());
    fields.put("phase", step.phase().label());
    fields.put("title", step.title());
    fields.put("state", step.state().label());
    fields.put("rows", step.rowsDone());
    putIfThere(fields, "error", step.error());
    putIfThere(fields, "startedAt", text(step.startedAt()));
    putIfThere(fields, "finishedAt", text(step.finishedAt()));
    return fields;
  }

  private static void putIfThere(Map<String, Object> fields, String name, @Nullable String value) {
    if (value != null) {
      fields.put(name, value);
    }
  }

  private static @Nullable String text(@Nullable Instant instant) {
    return instant == null ? null : instant.toString();
  }

  private static String text(Status status) {
    var rows = new ArrayList<List<String>>();
    for (Status.Change change : status.changes()) {
      rows.add(
          List.of(
              change.version().toString(),
              change.description(),
              change.state().label(),
              detail(change)));
    }
    var text = new StringBuilder();
    text.append(rows.isEmpty() ? "no changes\n" : Columns.of(rows));
    var release = status.release();
    if (release != null) {
      text.append(line(release)).append('\n');
    }
    if (status.holder() != null) {
      text.append("at work: ").append(status.holder()).append('\n');
    }
    if (!status.objects().isEmpty()) {
      text.append("on the server: ").append(String.join(", ", status.objects())).append('\n');
    }
    return text.toString();
  }

  /** Where it came from, or the step that it stands at when it is neither begun nor ended. */
  private static String detail(Status.Change change) {
    String source = change.source();
    if (source != null) {
      return "taken over from " + source;
    }
    return switch (change.state()) {
      case EXPANDING, CONTRACTING, FAILED -> current(change).map(StatusCommand::line).orElse("");
      case PENDING, EXPANDED, VERIFIED, CONTRACTED, ROLLED_BACK -> "";
    };
  }

  private static Optional<Status.Step> current(Status.Change change) {
    return change.steps().stream()
        .filter(
            step ->
                switch (step.state()) {
                  case STARTED, FAILED -> true;
                  case PENDING, FINISHED -> false;
                })
        .reduce((_, later) -> later);
  }

  private static String line(ReleaseStatus release) {
    String step = release.step();
    String reason = release.reason();
    return "release %s -> %s: %s%s; %s %s the traffic%s"
        .formatted(
            release.from(),
            release.to(),
            release.state(),
            step == null ? "" : " at " + step,
            String.join(" and ", release.live()),
            release.live().size() == 1 ? "has" : "share",
            reason == null ? "" : "; taken back: " + reason);
  }

  private static String line(Status.Step step) {
    String error = step.error();
    return step.id()
        + " "
        + step.title()
        + ": "
        + step.state().label()
        + (step.rowsDone() > 0 ? ", " + Figures.count(step.rowsDone(), "row") : "")
        + (error == null ? "" : ", " + error);
  }
}
