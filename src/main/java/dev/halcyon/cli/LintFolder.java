package dev.halcyon.cli;

import dev.halcyon.deploy.MigrationsFolder;
import dev.halcyon.lint.History;
import dev.halcyon.model.Engine;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Version;
import dev.halcyon.sql.ParsedFolder;
import dev.halcyon.sql.Script;
import dev.halcyon.sql.ScriptParser;
import dev.halcyon.sql.SourceFile;
import dev.halcyon.sql.Statement;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The change files, with paths as they are seen from the working directory: tools that show
 * findings beside the text look for files from there.
 *
 * @param prefix what such a path begins with, empty or with a slash at its end
 */
record LintFolder(String prefix, Engine engine, List<SourceFile> files, ParsedFolder parsed) {
  static LintFolder read(Path migrations, Path workingDirectory, Engine engine, String schema) {
    Path from = workingDirectory.toAbsolutePath().normalize();
    String relative = from.relativize(migrations.toAbsolutePath().normalize()).toString();
    String prefix = relative.isEmpty() ? "" : relative.replace('\\', '/') + "/";
    List<SourceFile> files =
        MigrationsFolder.read(migrations).stream()
            .map(f -> new SourceFile(prefix + f.path(), f.text()))
            .toList();
    return new LintFolder(prefix, engine, files, ScriptParser.parse(engine, schema, files));
  }

  /**
   * The files of the named changes.
   *
   * @throws dev.halcyon.model.Refusal HAL-220 when a version has no file
   */
  Set<String> of(List<Version> versions) {
    var chosen = new TreeSet<String>();
    for (Version version : versions) {
      Script script =
          parsed.scripts().stream()
              .filter(s -> s.version().equals(version))
              .findFirst()
              .orElseThrow(
                  () ->
                      ErrorCode.VERSION_UNKNOWN.refuse(
                          "There is no file of " + version + " in the migrations folder.",
                          "halcyon status shows what there is."));
      chosen.add(script.file());
      chosen.addAll(files(script));
    }
    return chosen;
  }

  /** Those of the versions that have a file. */
  List<Version> known(Set<Version> versions) {
    return parsed.scripts().stream().map(Script::version).filter(versions::contains).toList();
  }

  private static Set<String> files(Script script) {
    Stream<Statement> statements =
        switch (script.form()) {
          case Script.Form.EndState f -> f.statements().stream();
          case Script.Form.AsWritten f -> Stream.concat(f.expand().stream(), f.contract().stream());
        };
    return statements.map(s -> s.place().file()).collect(Collectors.toSet());
  }

  /** Git's words with the paths of findings. */
  History history(GitChanges changes) {
    return new History(
        prefixed(changes.changed()), prefixed(changes.added()), highest(changes.before()));
  }

  Set<String> prefixed(Set<String> paths) {
    return paths.stream().map(path -> prefix + path).collect(Collectors.toSet());
  }

  private @Nullable Version highest(Set<String> paths) {
    List<SourceFile> names = paths.stream().map(path -> new SourceFile(path, "")).toList();
    List<Script> scripts = ScriptParser.parse(engine, "", names).scripts();
    return scripts.isEmpty() ? null : scripts.getLast().version();
  }
}
