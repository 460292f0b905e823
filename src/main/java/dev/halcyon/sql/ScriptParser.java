package dev.halcyon.sql;

import dev.halcyon.model.Engine;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Place;
import dev.halcyon.model.Version;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads all files of a migrations folder; every finding of every file at once. */
public final class ScriptParser {
  private static final Pattern FLYWAY_UNDO = Pattern.compile("(.*/)?[Uu]\\d[\\d._]*__.*");
  private static final String NAMES =
      "Name it V<version>__<name>.sql, V<version>__<name>.expand.sql and .contract.sql, or"
          + " R__<name>.sql.";

  private final Engine engine;
  private final String schema;
  private final List<Finding> findings = new ArrayList<>();
  private final TreeMap<Version, Files> changes = new TreeMap<>();
  private final TreeMap<String, SourceFile> repeatables = new TreeMap<>();

  /** The files that claim one version; at least one of them is there. */
  private static final class Files {
    private final String description;
    private @Nullable SourceFile endState;
    private @Nullable SourceFile expand;
    private @Nullable SourceFile contract;

    private Files(String description) {
      this.description = description;
    }

    private Optional<SourceFile> rival(FileName.Part part) {
      @Nullable SourceFile other =
          switch (part) {
            case END_STATE -> endState != null ? endState : expand != null ? expand : contract;
            case EXPAND -> endState != null ? endState : expand;
            case CONTRACT -> endState != null ? endState : contract;
          };
      return Optional.ofNullable(other);
    }

    private void put(FileName.Part part, SourceFile file) {
      switch (part) {
        case END_STATE -> endState = file;
        case EXPAND -> expand = file;
        case CONTRACT -> contract = file;
      }
    }
  }

  private ScriptParser(Engine engine, String schema) {
    this.engine = engine;
    this.schema = schema;
  }

  /**
   * Reads the files; those that are no {@code .sql} are passed over.
   *
   * @param schema the target, whose name may stand before a table's
   */
  public static ParsedFolder parse(Engine engine, String schema, List<SourceFile> files) {
    var parser = new ScriptParser(engine, schema);
    files.stream()
        .filter(f -> FileName.isSql(f.path()))
        .sorted(Comparator.comparing(ScriptParser::part).thenComparing(SourceFile::path))
        .forEach(parser::sort);
    var scripts = new ArrayList<Script>();
    parser.changes.forEach((version, of) -> scripts.add(parser.script(version, of)));
    var repeatables = new ArrayList<Repeatable>();
    parser.repeatables.forEach((name, file) -> repeatables.add(parser.repeatable(name, file)));
    parser.findings.sort(
        Comparator.comparing(
            Finding::place,
            Comparator.nullsFirst(
                Comparator.comparing(Place::file)
                    .thenComparingInt(Place::line)
                    .thenComparingInt(Place::column))));
    return new ParsedFolder(scripts, repeatables, parser.findings);
  }

  /** Expand comes before contract, so that a change is named after its expand file. */
  private static FileName.Part part(SourceFile file) {
    return FileName.of(file.path()).orElse(null) instanceof FileName.OfChange change
        ? change.part()
        : FileName.Part.END_STATE;
  }

  private void sort(SourceFile file) {
    FileName name = FileName.of(file.path()).orElse(null);
    switch (name) {
      case null -> badName(file);
      case FileName.OfRepeatable repeatable -> {
        SourceFile rival = repeatables.putIfAbsent(repeatable.name(), file);
        if (rival != null) {
          duplicate(file, "R__" + repeatable.name(), rival);
        }
      }
      case FileName.OfChange change -> {
        Files of = changes.computeIfAbsent(change.version(), v -> new Files(change.description()));
        Optional<SourceFile> rival = of.rival(change.part());
        if (rival.isPresent()) {
          duplicate(file, change.version().toString(), rival.get());
        } else {
          of.put(change.part(), file);
        }
      }
    }
  }

  private void badName(SourceFile file) {
    String code = ErrorCode.FILE_NAME.code();
    findings.add(
        FLYWAY_UNDO.matcher(file.path()).matches()
            ? Finding.warning(
                code,
                file.top(),
                "An undo file is not read; Halcyon derives the way back itself.",
                "Nothing needs doing; the file may stay.")
            : Finding.error(code, file.top(), "The file name is not one of a change.", NAMES));
  }

  private void duplicate(SourceFile file, String what, SourceFile rival) {
    findings.add(
        Finding.error(
            ErrorCode.FILE_DUPLICATE.code(),
            file.top(),
            what + " is already given by " + rival.path() + ".",
            "Give one of the two files another version or name."));
    findings.addAll(Ddl.parse(engine, schema, file).findings());
  }

  private Script script(Version version, Files of) {
    SourceFile endState = of.endState;
    if (endState != null) {
      return endState(version, of.description, endState);
    }
    var files = new ArrayList<SourceFile>();
    var directives = new ArrayList<Directive>();
    List<Statement> expand = written(of.expand, files, directives);
    List<Statement> contract = written(of.contract, files, directives);
    return new Script(
        version,
        of.description,
        files.getFirst().path(),
        // A phase given alone must not have the checksum of the same text given as the other one.
        Checksum.of(of.expand == null ? both(files.getFirst()) : files),
        new Script.Form.AsWritten(expand, contract, directives));
  }

  private static List<SourceFile> both(SourceFile contractOnly) {
    return List.of(new SourceFile(contractOnly.path(), ""), contractOnly);
  }

  private Script endState(Version version, String description, SourceFile file) {
    Ddl.Parsed parsed = Ddl.parse(engine, schema, file);
    findings.addAll(parsed.findings());
    mixed(parsed.statements());
    return new Script(
        version,
        description,
        file.path(),
        Checksum.of(List.of(file)),
        new Script.Form.EndState(parsed.statements(), parsed.directives()));
  }

  private List<Statement> written(
      @Nullable SourceFile file, List<SourceFile> files, List<Directive> directives) {
    if (file == null) {
      return List.of();
    }
    files.add(file);
    Ddl.Parsed parsed = Ddl.parse(engine, schema, file);
    findings.addAll(parsed.findings());
    for (Directive directive : parsed.directives()) {
      switch (directive) {
        case Directive.Gate _, Directive.Allow _ -> directives.add(directive);
        case Directive.Fill _,
            Directive.Map _,
            Directive.Split _,
            Directive.Merge _,
            Directive.InPhase _ ->
            noMeaning(directive, "Nothing is derived from a file that is one phase as written.");
      }
    }
    return parsed.statements();
  }

  private Repeatable repeatable(String name, SourceFile file) {
    Ddl.Parsed parsed = Ddl.parse(engine, schema, file);
    findings.addAll(parsed.findings());
    var allowed = new ArrayList<Directive>();
    for (Directive directive : parsed.directives()) {
      if (directive instanceof Directive.Allow) {
        allowed.add(directive);
      } else {
        noMeaning(directive, "A repeatable file takes no directive but allow.");
      }
    }
    return new Repeatable(
        name, file.path(), Checksum.of(List.of(file)), parsed.statements(), allowed);
  }

  private void noMeaning(Directive directive, String why) {
    findings.add(
        Finding.error(
            ErrorCode.DIRECTIVE_UNKNOWN.code(),
            directive.place(),
            why,
            "Take the directive out, or state the end state in V<version>__<name>.sql."));
  }

  private void mixed(List<Statement> statements) {
    boolean schemaToo = statements.stream().anyMatch(s -> !s.isData());
    statements.stream()
        .filter(s -> schemaToo && s.isData())
        .findFirst()
        .ifPresent(
            s ->
                findings.add(
                    Finding.error(
                        ErrorCode.MIXED_FILE.code(),
                        s.place(),
                        "This statement changes data in a file that changes the schema as well;"
                            + " the server would commit one without the other.",
                        "Move the data statements to a file with a version of its own.")));
  }
}
