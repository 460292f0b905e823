package dev.halcyon.cli;

import dev.halcyon.deploy.Unreadable;
import dev.halcyon.lint.Query;
import dev.halcyon.lint.QueryText;
import dev.halcyon.model.Engine;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Place;
import dev.halcyon.mysql.Session;
import dev.halcyon.sql.Directive;
import dev.halcyon.sql.SourceFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The queries of applications, from files and from the server's own record.
 *
 * @param texts what they stand in, by the path that findings name
 * @param missing what the server's record lacks, a line for people; else empty
 */
record LintQueries(
    List<Query> queries, List<Directive.Allow> allowed, Map<String, String> texts, String missing) {
  static final String SERVER = "server";

  /** The name by which findings quote the server's record. */
  private static final String RECORD = "performance_schema";

  /**
   * @param sources files, and the word {@code server}
   * @param session null when the server is not among them
   * @throws dev.halcyon.model.Refusal HAL-201 when a file cannot be read
   */
  static LintQueries read(
      List<String> sources, Path folder, Engine engine, @Nullable Session session) {
    var queries = new ArrayList<Query>();
    var allowed = new ArrayList<Directive.Allow>();
    var texts = new LinkedHashMap<String, String>();
    String missing = "";
    for (String source : sources) {
      if (source.equals(SERVER) && session != null) {
        queries.addAll(recorded(session, texts));
        missing = missing(session);
      } else {
        SourceFile file = file(source, folder);
        QueryText text = QueryText.read(engine, file);
        queries.addAll(text.queries());
        allowed.addAll(text.allowed());
        texts.put(file.path(), file.text());
      }
    }
    return new LintQueries(queries, allowed, texts, missing);
  }

  /** Logs hold what clients have sent, so bytes that are no text must not stop the reading. */
  private static SourceFile file(String source, Path folder) {
    try {
      byte[] bytes = Files.readAllBytes(folder.resolve(source));
      return new SourceFile(source, new String(bytes, StandardCharsets.UTF_8));
    } catch (IOException failure) {
      throw ErrorCode.FILE_UNREADABLE.refuse(
          source + " cannot be read: " + Unreadable.reason(failure),
          "Give SQL files, general logs, slow logs, or the word server.");
    }
  }

  private static List<Query> recorded(Session session, Map<String, String> texts) {
    boolean watching =
        session.first("SELECT @@performance_schema AS watching").orElseThrow().isTrue("watching");
    if (!watching) {
      throw ErrorCode.SERVER_SETTING.refuse(
          "The server keeps no record of statements: performance_schema is off.",
          "Start it with performance_schema=ON, or give a general or slow log.");
    }
    var lines = new ArrayList<String>();
    var queries = new ArrayList<Query>();
    for (var row :
        session.query(
            "SELECT digest_text AS text FROM performance_schema.events_statements_summary_by_digest"
                + " WHERE schema_name = ? AND digest_text IS NOT NULL ORDER BY digest_text",
            session.schema())) {
      String text = row.string("text").replaceAll("\\s+", " ");
      lines.add(text);
      queries.add(new Query(new Place(RECORD, lines.size(), 1), text));
    }
    texts.put(RECORD, String.join("\n", lines));
    return QueryText.distinct(queries);
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
