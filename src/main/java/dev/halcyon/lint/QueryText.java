package dev.halcyon.lint;

import dev.halcyon.model.Engine;
import dev.halcyon.model.Place;
import dev.halcyon.sql.Ddl;
import dev.halcyon.sql.Directive;
import dev.halcyon.sql.SourceFile;
import dev.halcyon.sql.Statement;
import dev.halcyon.sql.Token;
import dev.halcyon.sql.Tokens;
import dev.halcyon.sql.TouchReader;
import dev.halcyon.sql.Touches;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds the queries in what applications leave behind: SQL files, general logs and slow logs. Of
 * queries that differ in their literals only the first counts; Halcyon's own and those of the
 * servers' own schemas do not. Texts are read line by line: what is kept grows with the number of
 * different queries, not with the text. For one thread.
 */
public final class QueryText {
  private static final Set<String> OF_SERVERS =
      Set.of("information_schema", "performance_schema", "mysql", "sys");

  /** SQL is read in parts of about so many characters. */
  private static final int PART = 1 << 15;

  private final Set<String> shapes = new HashSet<>();
  private final List<Query> queries = new ArrayList<>();
  private final List<Directive.Allow> allowed = new ArrayList<>();

  public List<Query> queries() {
    return List.copyOf(queries);
  }

  /** What the texts set aside for themselves. */
  public List<Directive.Allow> allowed() {
    return List.copyOf(allowed);
  }

  /**
   * Reads a text more; tells by the text itself what it is.
   *
   * @param lines from the first one on, each time that they are asked for
   * @return this
   */
  public QueryText read(Engine engine, String path, Supplier<Stream<String>> lines) {
    List<String> head;
    try (var first = lines.get()) {
      head = first.limit(LogReader.HEAD).toList();
    }
    try (var all = lines.get()) {
      LogReader.of(path, head, this::add)
          .ifPresentOrElse(log -> read(log, all), () -> sql(engine, path, all.iterator()));
    }
    return this;
  }

  private static void read(LogReader log, Stream<String> lines) {
    lines.forEach(
        line -> {
          var _ = log.line(line);
        });
    log.end();
  }

  private void sql(Engine engine, String path, Iterator<String> lines) {
    var part = new StringBuilder();
    int before = 0;
    int number = 0;
    int enough = PART;
    while (lines.hasNext()) {
      String line = lines.next();
      number++;
      part.append(line).append('\n');
      if (part.length() >= enough && line.stripTrailing().endsWith(";")) {
        if (Ddl.endsBetweenStatements(engine, part.toString())) {
          statements(engine, path, part.toString(), before);
          part.setLength(0);
          before = number;
          enough = PART;
        } else {
          enough = part.length() * 2;
        }
      }
    }
    statements(engine, path, part.toString(), before);
  }

  /**
   * @param before how many lines of the file are not in the text
   */
  private void statements(Engine engine, String path, String text, int before) {
    Ddl.Parsed parsed = Ddl.parse(engine, "", new SourceFile(path, text));
    for (Directive directive : parsed.directives()) {
      if (directive instanceof Directive.Allow allow) {
        allowed.add(
            new Directive.Allow(behind(allow.place(), before), allow.rule(), allow.reason()));
      }
    }
    for (Statement statement : parsed.statements()) {
      add(new Query(behind(statement.place(), before), statement.text()));
    }
  }

  private static Place behind(Place place, int lines) {
    return new Place(place.file(), place.line() + lines, place.column());
  }

  /** A query more; nothing happens if one of its shape is there, or no application has asked it. */
  public void add(Query query) {
    List<Token> tokens = Tokens.of(query.text());
    if (!tokens.isEmpty() && shapes.add(shape(tokens)) && !foreign(query.text())) {
      queries.add(query);
    }
  }

  private static String shape(List<Token> tokens) {
    return tokens.stream()
        .map(
            t ->
                switch (t.kind()) {
                  case STRING, NUMBER -> "?";
                  case WORD -> t.upper();
                  case NAME, VARIABLE, SYMBOL, END, MARK -> t.text();
                })
        .collect(Collectors.joining(" "));
  }

  private static boolean foreign(String text) {
    Touches touches = TouchReader.read(text);
    return !touches.tables().isEmpty() && touches.tables().stream().allMatch(QueryText::isForeign);
  }

  private static boolean isForeign(Touches.Use use) {
    String table = use.table().toLowerCase(Locale.ROOT);
    return use.schema().map(s -> OF_SERVERS.contains(s.toLowerCase(Locale.ROOT))).orElse(false)
        || table.startsWith("halcyon_")
        || table.startsWith("hal_");
  }
}
