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
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Finds the queries in what applications leave behind: SQL files, general logs and slow logs. Of
 * queries that differ in their literals only the first counts; Halcyon's own and those of the
 * servers' own schemas do not.
 *
 * @param allowed what the text sets aside for itself
 */
public record QueryText(List<Query> queries, List<Directive.Allow> allowed) {
  private static final Pattern GENERAL =
      Pattern.compile(
          "^(?:\\d{4}-\\d\\d-\\d\\dT\\S+\\t|\\d{6} +\\d{1,2}:\\d\\d:\\d\\d\\t|\\t\\t)? *\\d+"
              + " (Query|Execute|Prepare|Connect|Quit|Init DB|Field List|Close stmt|Reset stmt"
              + "|Statistics|Ping|Change user|Binlog Dump|Binlog Dump GTID|Register Slave"
              + "|Long Data|Fetch|Set option|Kill|Refresh|Shutdown|Reset Connection|Debug|Error)"
              + "(?:\\t(.*))?$");
  private static final Pattern SLOW = Pattern.compile("^# (Time|User@Host|Query_time): ?.*");
  private static final Pattern BESIDE =
      Pattern.compile("(?i)^(use \\S+;|SET timestamp=\\d+(\\.\\d+)?;)$");
  private static final Pattern START =
      Pattern.compile(
          "^(\\S*(mysqld|mariadbd)\\S*, Version: .*|Tcp port: .*|Time +Id +Command.*"
              + "|Time\\t+ *Id +Command\\t.*)$");
  private static final Set<String> OF_SERVERS =
      Set.of("information_schema", "performance_schema", "mysql", "sys");

  public QueryText {
    queries = List.copyOf(queries);
    allowed = List.copyOf(allowed);
  }

  /** Tells by the text itself what it is. */
  public static QueryText read(Engine engine, SourceFile file) {
    List<Query> logged = logged(file);
    return logged.isEmpty() ? sql(engine, file) : new QueryText(distinct(logged), List.of());
  }

  /** Every query of a general or slow log; none if it is neither. */
  public static List<Query> logged(SourceFile file) {
    List<String> lines = file.text().lines().toList();
    boolean slow = lines.stream().limit(100).anyMatch(line -> SLOW.matcher(line).matches());
    boolean general = lines.stream().limit(100).anyMatch(line -> GENERAL.matcher(line).matches());
    return slow ? slow(file.path(), lines) : general ? general(file.path(), lines) : List.of();
  }

  private static QueryText sql(Engine engine, SourceFile file) {
    Ddl.Parsed parsed = Ddl.parse(engine, "", file);
    var allowed = new ArrayList<Directive.Allow>();
    for (Directive directive : parsed.directives()) {
      if (directive instanceof Directive.Allow allow) {
        allowed.add(allow);
      }
    }
    var queries = new ArrayList<Query>();
    for (Statement statement : parsed.statements()) {
      queries.add(new Query(statement.place(), statement.text()));
    }
    return new QueryText(distinct(queries), allowed);
  }

  private static List<Query> general(String path, List<String> lines) {
    var queries = new ArrayList<Query>();
    var text = new StringBuilder();
    Place place = new Place(path, 1, 1);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      Matcher entry = GENERAL.matcher(line);
      if (entry.matches()) {
        add(queries, place, text);
        boolean query = entry.group(1).equals("Query") || entry.group(1).equals("Execute");
        if (query && entry.group(2) != null) {
          place = new Place(path, i + 1, entry.start(2) + 1);
          text.append(entry.group(2));
        }
      } else if (!text.isEmpty() && !START.matcher(line).matches()) {
        text.append('\n').append(line);
      }
    }
    add(queries, place, text);
    return queries;
  }

  private static List<Query> slow(String path, List<String> lines) {
    var queries = new ArrayList<Query>();
    var text = new StringBuilder();
    Place place = new Place(path, 1, 1);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      boolean comment = line.startsWith("# ") || START.matcher(line).matches();
      if (comment || (text.isEmpty() && BESIDE.matcher(line).matches())) {
        add(queries, place, text);
      } else if (text.isEmpty()) {
        place = new Place(path, i + 1, 1);
        text.append(line);
      } else {
        text.append('\n').append(line);
      }
    }
    add(queries, place, text);
    return queries;
  }

  private static void add(List<Query> queries, Place place, StringBuilder text) {
    String query = text.toString().stripTrailing();
    query = query.endsWith(";") ? query.substring(0, query.length() - 1) : query;
    text.setLength(0);
    if (!query.isBlank()) {
      queries.add(new Query(place, query));
    }
  }

  /** The first of each shape, without what no application has asked. */
  public static List<Query> distinct(List<Query> queries) {
    var seen = new HashSet<String>();
    var distinct = new ArrayList<Query>();
    for (Query query : queries) {
      List<Token> tokens = Tokens.of(query.text());
      if (!tokens.isEmpty() && seen.add(shape(tokens)) && !foreign(query.text())) {
        distinct.add(query);
      }
    }
    return distinct;
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
