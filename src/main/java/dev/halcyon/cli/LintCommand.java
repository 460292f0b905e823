package dev.halcyon.cli;

import dev.halcyon.lint.History;
import dev.halcyon.lint.KnownSchema;
import dev.halcyon.lint.Linter;
import dev.halcyon.lint.Subject;
import dev.halcyon.lint.report.Report;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Finding;
import dev.halcyon.sql.Ddl;
import dev.halcyon.sql.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code halcyon lint}. */
@Command(
    name = "lint",
    mixinStandardHelpOptions = true,
    description = {
      "Says what of the change files would break a running version, replication or locks.",
      "Needs no server. Exit status 1 if a finding is an error."
    })
final class LintCommand implements Action {
  @Mixin private VersionsArgument argument = new VersionsArgument();

  @Option(
      names = "--since",
      paramLabel = "<git-ref>",
      description = "Only files that differ from where this branch left that one.")
  private @Nullable String since;

  @Option(
      names = "--format",
      paramLabel = "<format>",
      description = "${COMPLETION-CANDIDATES}.")
  private LintFormat format = LintFormat.TEXT;

  @Override
  public Answer act(Invocation invocation) {
    LintSettings settings = LintSettings.read(invocation.layers().get());
    LintFolder folder =
        LintFolder.read(
            settings.migrations(),
            invocation.folder(),
            settings.target().engine(),
            settings.schema());
    Choice choice = choose(folder, settings);
    List<Finding> findings =
        Linter.lint(
            new Subject(
                folder.parsed(),
                before(settings),
                settings.against() != null,
                choice.files(),
                settings.target(),
                settings.levels(),
                choice.history()));
    int files = (int) folder.files().stream().filter(f -> choice.files().test(f.path())).count();
    return answer(new Report(findings, texts(folder.files()), files));
  }

  /** Which files findings are wanted of. */
  private record Choice(Predicate<String> files, History history) {}

  private Choice choose(LintFolder folder, LintSettings settings) {
    var chosen = new TreeSet<String>();
    if (!argument.versions().isEmpty()) {
      chosen.addAll(folder.of(argument.versions()));
    }
    if (since == null) {
      return new Choice(argument.versions().isEmpty() ? _ -> true : chosen::contains, History.NONE);
    }
    History history = folder.history(GitChanges.since(since, settings.migrations()));
    Predicate<String> touched =
        path -> history.changed().contains(path) || history.added().contains(path);
    return new Choice(
        argument.versions().isEmpty() ? touched : touched.and(chosen::contains), history);
  }

  private static KnownSchema before(LintSettings settings) {
    String against = settings.against();
    if (against == null) {
      return KnownSchema.open();
    }
    try {
      var file = new SourceFile(against, Files.readString(Path.of(against)));
      return KnownSchema.of(
          Ddl.parse(settings.target().engine(), settings.schema(), file).statements());
    } catch (IOException failure) {
      throw ErrorCode.SETTINGS_INVALID.refuse(
          "--against: " + against + " cannot be read: " + failure.getMessage(),
          "Give a file of CREATE statements, such as mysqldump --no-data writes.");
    }
  }

  private static Map<String, String> texts(List<SourceFile> files) {
    return files.stream().collect(Collectors.toMap(SourceFile::path, SourceFile::text));
  }

  private Answer answer(Report report) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("files", report.files());
    fields.put("findings", FindingText.fields(report.findings()));
    return new Answer(
        report.blocks() ? ExitStatus.FINDINGS : ExitStatus.DONE, format.of(report), "", fields);
  }
}
