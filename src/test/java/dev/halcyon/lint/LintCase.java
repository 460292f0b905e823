package dev.halcyon.lint;

import dev.halcyon.lint.report.Report;
import dev.halcyon.lint.report.TextReport;
import dev.halcyon.model.Engine;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Version;
import dev.halcyon.sql.Ddl;
import dev.halcyon.sql.ParsedFolder;
import dev.halcyon.sql.ScriptParser;
import dev.halcyon.sql.SourceFile;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A case of a rule: files of one stem, {@code bad.sql} or {@code bad-late.expand.sql} with {@code
 * bad-late.contract.sql}. {@code schema.sql} is what is there before; {@code case.properties} says
 * {@code for=mysql-8.0.28}, {@code log=STATEMENT}, {@code rows.users=5000000}; a file {@code
 * R__view.sql} belongs to every case of its folder. A stem that ends with {@code -queries} holds
 * queries of the application, and {@code change.sql} is the change that they are held against.
 */
record LintCase(Path folder, String stem, List<Path> files) {
  static List<LintCase> in(Path folder) throws IOException {
    try (var all = Files.list(folder)) {
      return all
          .filter(f -> name(f).startsWith("bad") || name(f).startsWith("good"))
          .filter(f -> name(f).endsWith(".sql"))
          .sorted()
          .collect(Collectors.groupingBy(f -> name(f).substring(0, name(f).indexOf('.'))))
          .entrySet()
          .stream()
          .map(e -> new LintCase(folder, e.getKey(), e.getValue()))
          .toList();
    }
  }

  boolean bad() {
    return stem.startsWith("bad");
  }

  String expected() throws IOException {
    Path file = expectedFile();
    return Files.exists(file) ? Files.readString(file) : "";
  }

  Path expectedFile() {
    return folder.resolve(stem + ".txt");
  }

  private boolean queries() {
    return stem.endsWith("-queries");
  }

  String text() throws IOException {
    var sources = new ArrayList<SourceFile>();
    for (Path file : files) {
      sources.add(new SourceFile("V2__" + name(file), Files.readString(file)));
    }
    try (var all = Files.list(folder)) {
      for (Path file : all.filter(f -> name(f).startsWith("R__")).toList()) {
        sources.add(new SourceFile(name(file), Files.readString(file)));
      }
    }
    return TextReport.of(
        Report.of(
            findings(sources),
            sources.stream().collect(Collectors.toMap(SourceFile::path, SourceFile::text)),
            List.of()));
  }

  private List<Finding> findings(List<SourceFile> sources) throws IOException {
    var properties = properties();
    Target target =
        Target.parse(properties.getProperty("for", "mysql"))
            .orElseThrow()
            .withLog(Target.Log.valueOf(properties.getProperty("log", "UNKNOWN")));
    if (queries()) {
      return queryFindings(sources.getFirst(), target);
    }
    ParsedFolder parsed = ScriptParser.parse(target.engine(), "shop", sources);
    return Linter.lint(
        new Subject(
            parsed,
            schema(target.engine(), properties),
            true,
            Accepted.NOTHING,
            _ -> true,
            target,
            Levels.NONE,
            history(properties)));
  }

  private List<Finding> queryFindings(SourceFile source, Target target) throws IOException {
    Path change = folder.resolve("change.sql");
    String text = Files.exists(change) ? Files.readString(change) : "";
    var given = new SourceFile("V3__change.sql", text);
    return QueryLinter.lint(
        Ddl.parse(target.engine(), "shop", source).statements().stream()
            .map(s -> new Query(s.place(), s.text()))
            .toList(),
        List.of(),
        PendingReader.read(ScriptParser.parse(target.engine(), "shop", List.of(given)).scripts()),
        target,
        Levels.NONE);
  }

  private static History history(Properties properties) {
    String highest = properties.getProperty("highest");
    return new History(
        Set.of(properties.getProperty("changed", "").split(" ", -1)),
        Set.of(properties.getProperty("added", "").split(" ", -1)),
        highest == null ? null : Version.parse(highest));
  }

  KnownSchema schema(Engine engine, Properties properties) throws IOException {
    Path file = folder.resolve("schema.sql");
    if (!Files.exists(file)) {
      return KnownSchema.open();
    }
    var source = new SourceFile("schema.sql", Files.readString(file));
    KnownSchema schema = KnownSchema.of(Ddl.parse(engine, "shop", source).statements());
    for (KnownTable table : schema.tables()) {
      String rows = properties.getProperty("rows." + table.name());
      schema.put(rows == null ? table : table.withRows(Long.parseLong(rows)));
    }
    return schema;
  }

  Properties properties() throws IOException {
    var properties = new Properties();
    Path file = folder.resolve("case.properties");
    if (Files.exists(file)) {
      properties.load(new StringReader(Files.readString(file)));
    }
    return properties;
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }
}
