package dev.halcyon.cli;

import dev.halcyon.lint.Query;
import dev.halcyon.lint.QueryText;
import dev.halcyon.model.Engine;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Place;
import dev.halcyon.mysql.Session;
import dev.halcyon.sql.Directive;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The queries of applications, from files and from the server's own record.
 *
 * @param files by the path that findings name
 * @param recorded the lines that findings in the server's record quote
 * @param missing what the server's record lacks, a line for people; else empty
 */
record LintQueries(
    List<Query> queries,
    List<Directive.Allow> allowed,
    Map<String, TextLines> files,
    List<String> recorded,
    String missing) {
  static final String SERVER = "server";

  /** The name by which findings quote the server's record. */
  private static final String RECORD = "performance_schema";

  private static final String REMEDY =
      "Give SQL files, general logs, slow logs, or the word server.";

  /**
   * @param sources files, and the word {@code server}
   * @param session null when the server is not among them
   * @throws dev.halcyon.model.Refusal HAL-201 when a file cannot be read
   */
  static LintQueries read(
      List<String> sources, Path folder, Engine engine, @Nullable Session session) {
    var text = new QueryText();
    var files = new LinkedHashMap<String, TextLines>();
    List<String> recorded = List.of();
    String missing = "";
    for (String source : sources) {
      if (source.equals(SERVER) && session != null) {
        recorded = recorded(session);
        for (int i = 0; i < recorded.size(); i++) {
          text.add(new Query(new Place(RECORD, i + 1, 1), recorded.get(i)));
        }
        missing = missing(session);
      } else {
        var lines = new TextLines(folder.resolve(source), source, REMEDY);
        String path = source.replace('\\', '/');
        files.put(path, lines);
        var _ = lines.read(all -> text.read(engine, path, all));
      }
    }
    return new LintQueries(text.queries(), text.allowed(), files, recorded, missing);
  }

  /** What was looked at, by the names of findings. */
  List<String> paths() {
    var paths = new ArrayList<>(files.keySet());
    if (!recorded.isEmpty()) {
      paths.add(RECORD);
    }
    return paths;
  }

  /** The lines that findings are about; files are read once more for them. */
  Map<Place, String> lines(List<Finding> findings) {
    var places =
        findings.stream()
            .map(Finding::place)
            .filter(Objects::nonNull)
            .collect(Collectors.groupingBy(Place::file, Collectors.toSet()));
    var lines = new HashMap<Place, String>();
    places.forEach(
        (path, wanted) -> {
          var file = files.get(path);
          if (file == null) {
            wanted.forEach(place -> lines.put(place, recorded.get(place.line() - 1)));
          } else {
            lines.putAll(file.read(all -> pick(all, wanted)));
          }
        });
    return lines;
  }

  private static Map<Place, String> pick(Supplier<Stream<String>> lines, Set<Place> wanted) {
    var byLine = wanted.stream().collect(Collectors.groupingBy(Place::line));
    var picked = new HashMap<Place, String>();
    try (var stream = lines.get()) {
      var all = stream.iterator();
      for (int number = 1; all.hasNext() && picked.size() < wanted.size(); number++) {
        String line = all.next();
        byLine.getOrDefault(number, List.of()).forEach(place -> picked.put(place, line));
      }
    }
    return picked;
  }

  private static List<String> recorded(Session session) {
    boolean watching =
        session.first("SELECT @@performance_schema AS watching").orElseThrow().isTrue("watching");
    if (!watching) {
      throw ErrorCode.SERVER_SETTING.refuse(
          "The server keeps no record of statements: performance_schema is off.",
          "Start it with performance_schema=ON, or give a general or slow log.");
    }
    return session
        .query(
            "SELECT digest_text AS text FROM performance_schema.events_statements_summary_by_digest"
                + " WHERE schema_name = ? AND digest_text IS NOT NULL ORDER BY digest_text",
            session.schema())
        .stream()
        .map(row -> row.string("text").replaceAll("\\s+", " "))
        .toList();
  }

  /** What no longer finds a place in the record is counted in one row without a text. */
  private static String missing(Session session) {
    return session
        .first(
            "SELECT count_star AS executions, first_seen AS since"
                + " FROM performance_schema.events_statements_summary_by_digest"
                + " WHERE schema_name IS NULL AND digest IS NULL")
        .map(
            row ->
                "The server's record of statements is full: "
                    + row.string("executions")
                    + " executions since "
                    + row.string("since")
                    + " are of statements that it lacks.\n"
                    + "  Empty it (TRUNCATE performance_schema.events_statements_summary_by_digest)"
                    + " and let the application work, or raise performance_schema_digests_size.\n")
        .orElse("");
  }
}
