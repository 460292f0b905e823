package dev.halcyon.cli;

import dev.halcyon.deploy.Unreadable;
import dev.halcyon.lint.Accepted;
import dev.halcyon.lint.History;
import dev.halcyon.lint.KnownSchema;
import dev.halcyon.lint.Linter;
import dev.halcyon.lint.Pending;
import dev.halcyon.lint.PendingReader;
import dev.halcyon.lint.QueryLinter;
import dev.halcyon.lint.Subject;
import dev.halcyon.lint.Target;
import dev.halcyon.lint.report.JsonReport;
import dev.halcyon.lint.report.Report;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Finding;
import dev.halcyon.sql.Ddl;
import dev.halcyon.sql.Script;
import dev.halcyon.sql.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
      "Says what of the change files would break a running version, replication or locks;",
      "with --queries, what of an application's queries would not survive the changes.",
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
      names = "--queries",
      paramLabel = "<file>",
      arity = "1..*",
      description = "Look at queries: SQL files, general logs, slow logs, or the word server.")
  private List<String> queries = List.of();

  @Option(names = "--format", paramLabel = "<format>", description = "${COMPLETION-CANDIDATES}.")
  private LintFormat format = LintFormat.TEXT;

  @Override
  public Answer act(Invocation invocation) {
    LintSettings settings = LintSettings.read(invocation.layers().get());
    if (settings.againstServer()) {
      return Workplace.use(
          invocation,
          workplace ->
              lint(invocation, settings, workplace, ServerSchema.read(workplace, settings)));
    }
    return queries.contains(LintQueries.SERVER)
        ? Workplace.use(invocation, workplace -> lint(invocation, settings, workplace, null))
        : lint(invocation, settings, null, null);
  }

  private Answer lint(
      Invocation invocation,
      LintSettings settings,
      @Nullable Workplace workplace,
      @Nullable ServerSchema server) {
    Target target = server == null ? settings.target() : server.target();
    LintFolder folder =
        LintFolder.read(
            settings.migrations(),
            invocation.folder(),
            target.engine(),
            workplace == null ? settings.schema() : workplace.server().schema());
    Choice choice = choose(folder, settings, server);
    if (queries.isEmpty()) {
      var asked =
          server == null || workplace == null
              ? new AskedClauses(Accepted.NOTHING, "")
              : AskedClauses.ask(workplace.server(), scripts(folder, choice));
      return answer(
          changes(folder, choice, settings, target, server, asked.accepted()), asked.missing());
    }
    LintQueries read = read(invocation, target, workplace);
    Pending pending = pending(folder, choice, server);
    List<Finding> findings =
        QueryLinter.lint(read.queries(), read.allowed(), pending, target, settings.levels());
    return answer(new Report(findings, read.lines(findings), read.paths()), read.missing());
  }

  private Answer answer(Report report, String complaint) {
    return new Answer(
        report.blocks() ? ExitStatus.FINDINGS : ExitStatus.DONE,
        format.of(report),
        complaint,
        JsonReport.fields(report));
  }

  private Report changes(
      LintFolder folder,
      Choice choice,
      LintSettings settings,
      Target target,
      @Nullable ServerSchema server,
      Accepted accepted) {
    var subject =
        new Subject(
            folder.parsed(),
            server == null ? before(settings) : server.schema(),
            settings.against() != null,
            accepted,
            choice.files(),
            target,
            settings.levels(),
            choice.history());
    return Report.of(
        Linter.lint(subject),
        folder.files().stream().collect(Collectors.toMap(SourceFile::path, SourceFile::text)),
        folder.files().stream().map(SourceFile::path).filter(choice.files()).toList());
  }

  private LintQueries read(Invocation invocation, Target target, @Nullable Workplace workplace) {
    if (workplace == null) {
      return LintQueries.read(queries, invocation.folder(), target.engine(), null);
    }
    try (var session = workplace.server().open("lint")) {
      return LintQueries.read(queries, invocation.folder(), target.engine(), session);
    }
  }

  /** Which files findings are wanted of. */
  private record Choice(Predicate<String> files, History history, boolean all) {}

  private Choice choose(LintFolder folder, LintSettings settings, @Nullable ServerSchema server) {
    Predicate<String> files = _ -> true;
    History history = History.NONE;
    if (!argument.versions().isEmpty()) {
      files = folder.of(argument.versions())::contains;
    } else if (server != null) {
      files = Predicate.not(folder.of(folder.known(server.begun()))::contains);
    }
    if (since != null) {
      History changes = folder.history(GitChanges.since(since, settings.migrations()));
      files = files.and(path -> changes.changed().contains(path) || changes.added().contains(path));
      history = changes;
    }
    return new Choice(files, history, argument.versions().isEmpty() && since == null);
  }

  private static List<Script> scripts(LintFolder folder, Choice choice) {
    return folder.parsed().scripts().stream()
        .filter(script -> choice.files().test(script.file()))
        .toList();
  }

  /** What the given changes do, and those that are open. */
  private static Pending pending(LintFolder folder, Choice choice, @Nullable ServerSchema server) {
    Predicate<Script> wanted =
        choice.all() && server != null
            ? script -> !server.ended().contains(script.version())
            : script -> choice.files().test(script.file());
    return PendingReader.read(folder.parsed().scripts().stream().filter(wanted).toList());
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
          "--against: " + against + " cannot be read: " + Unreadable.reason(failure),
          "Give a file of CREATE statements, such as mysqldump --no-data writes.");
    }
  }
}
