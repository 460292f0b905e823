package dev.halcyon.rebuild;

import dev.halcyon.model.Column;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.mysql.Chunk;
import dev.halcyon.mysql.KeyPosition;
import dev.halcyon.mysql.KeyRange;
import dev.halcyon.mysql.KeyWalk;
import dev.halcyon.mysql.Pacer;
import dev.halcyon.mysql.Row;
import dev.halcyon.mysql.Session;
import dev.halcyon.mysql.TableKey;
import dev.halcyon.progress.Event;
import dev.halcyon.sql.Sql;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compares every row of both tables, without locks: each chunk in one statement, which sees both in
 * one state. A row that differs may be one whose change is still on its way; it is looked at again
 * when that has been applied, and at last under the lock of the cut-over. For one thread.
 */
final class Comparison {
  static final String STEP = "verify";

  /** More than this many rows that differ for good need no lock to be told. */
  private static final int MOST_IN_DOUBT = 1000;

  private static final int LOOKS = 5;

  /** Of a round, for each connection. */
  private static final int CHUNKS = 8;

  private static final int SHOWN = 10;

  private final Work work;
  private final String source;
  private final String shadow;
  private final TableKey shadowKey;

  /** Conditions that name one key each, with the old table's names. */
  private final Set<Doubt> doubts = new LinkedHashSet<>();

  private long rows;

  /**
   * A row that differed when it was last looked at.
   *
   * @param key its values, for people
   */
  private record Doubt(String onSource, String onShadow, String key) {}

  Comparison(Work work) {
    this.work = work;
    this.source = work.shapes().names().table();
    this.shadow = work.shapes().names().shadow();
    this.shadowKey =
        work.steadily(session -> TableKey.read(session, shadow, work.shapes().shadowKey()));
  }

  /** How many rows were compared. */
  long rows() {
    return rows;
  }

  /**
   * Looks at every row, and again at those that differ.
   *
   * @throws dev.halcyon.model.Failure HAL-501 when many differ for good
   */
  void run() {
    var context = work.context();
    var pacer =
        new Pacer(
            work.pace(),
            context.throttle(),
            context.stopped(),
            reason -> context.events().on(new Event.Waiting(source, STEP, reason)));
    var walk = work.steadily(session -> KeyWalk.begin(session, work.key()));
    var rounds = new Rounds(work, walk.orElse(null), pacer::rows, null);
    try (var crew = new Crew(work)) {
      while (true) {
        work.obey(STEP);
        var _ = work.steadily(pacer::rest);
        if (work.capture().take(Duration.ofMillis(1)) && !work.capture().isEmpty()) {
          var _ = work.flush();
        }
        var chunks = rounds.next(pacer.alone() ? CHUNKS * crew.size() : 1);
        if (chunks.isEmpty()) {
          break;
        }
        compare(crew, chunks, rounds, pacer);
      }
    }
    compareBehind(rounds.after());
    for (var look = 0; look < LOOKS && !doubts.isEmpty(); look++) {
      work.catchUp();
      var _ = work.steadily(session -> lookAgain(session));
    }
    if (doubts.size() > MOST_IN_DOUBT) {
      throw mismatch();
    }
  }

  /**
   * Looks again at the rows that differed.
   *
   * @return how many still do
   */
  int lookAgain(Session session) {
    doubts.removeIf(doubt -> equal(session, doubt));
    return doubts.size();
  }

  RuntimeException mismatch() {
    var keys = doubts.stream().limit(SHOWN).map(Doubt::key).collect(Collectors.joining("; "));
    return work.failed(
        ErrorCode.MISMATCH,
        "%d rows are not what the change makes of them, with the keys: %s"
            .formatted(doubts.size(), keys),
        null);
  }

  private void compare(Crew crew, List<Chunk> chunks, Rounds rounds, Pacer pacer) {
    var seen =
        crew.work(
            chunks, (session, chunk, _) -> compare(session, chunk), () -> rounds.ahead(chunks));
    for (var one : seen) {
      doubts.addAll(one.result());
      pacer.done(one.chunk().rows(), one.took());
      rows += one.chunk().rows();
    }
    work.advanced(STEP, rows);
  }

  private List<Doubt> compare(Session session, Chunk chunk) {
    work.key().prepare(session);
    shadowKey.prepare(session);
    return different(
        session,
        work.key().condition(source, chunk.range()),
        shadowKey.condition(shadow, chunk.range()));
  }

  /** Rows behind the last one of the old table, which no chunk would look at. */
  private void compareBehind(@Nullable KeyPosition after) {
    if (after == null) {
      doubt("TRUE", "TRUE");
      return;
    }
    var range = new KeyRange(null, after);
    doubt(
        "NOT " + work.key().condition(source, range), "NOT " + shadowKey.condition(shadow, range));
  }

  private void doubt(String here, String there) {
    var found = work.steadily(session -> different(session, here, there));
    doubts.addAll(found);
  }

  private List<Doubt> different(Session session, String here, String there) {
    var counts = session.query(counting(here, there)).getFirst();
    if (counts.longValue("differ") == 0 && counts.longValue("here") == counts.longValue("there")) {
      return List.of();
    }
    var found = new ArrayList<Doubt>();
    var keys = work.shapes().key();
    session
        .query(
            "SELECT %s FROM %s WHERE %s AND %s"
                .formatted(keyColumns(source, keys), joined(true), here, differing()))
        .forEach(row -> found.add(doubt(row)));
    session
        .query(
            "SELECT %s FROM %s WHERE %s AND %s IS NULL"
                .formatted(
                    keyColumns(shadow, work.shapes().shadowKey()),
                    joined(false),
                    there,
                    Sql.name(source, keys.getFirst())))
        .forEach(row -> found.add(doubt(row)));
    return found;
  }

  private String counting(String here, String there) {
    return """
        SELECT (SELECT COUNT(*) FROM %s WHERE %s) AS there, COUNT(*) AS here,
               COALESCE(SUM(%s), 0) AS differ
          FROM %s WHERE %s
        """
        .formatted(Sql.name(shadow), there, differing(), joined(true), here);
  }

  /** Under LOCK TABLES a table may stand in a statement once, and under its own name. */
  private String joined(boolean fromSource) {
    return "%s LEFT JOIN %s ON %s"
        .formatted(
            Sql.name(fromSource ? source : shadow),
            Sql.name(fromSource ? shadow : source),
            work.shapes().sameKey(source, shadow));
  }

  private String differing() {
    return "(%s IS NULL OR NOT (%s))"
        .formatted(
            Sql.name(shadow, work.shapes().shadowKey().getFirst()),
            work.shapes().equal(source, shadow));
  }

  /** Literals that mean exactly the key's values. */
  private String keyColumns(String table, List<String> columns) {
    var schema = table.equals(source) ? work.shapes().source() : work.shapes().shadow();
    return columns.stream()
        .map(name -> literal(schema.column(name).orElseThrow(), Sql.name(table, name)))
        .collect(Collectors.joining(", "));
  }

  private static String literal(Column column, String name) {
    if (column.isText()) {
      return "CONCAT('_%s x''', HEX(%s), '''')".formatted(column.characterSet(), name);
    }
    return switch (ColumnMap.word(column)) {
      case "tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "year" ->
          "CAST(" + name + " AS CHAR)";
      case "bit" -> "CAST(" + name + " + 0 AS CHAR)";
      case "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob" ->
          "CONCAT('x''', HEX(" + name + "), '''')";
      default -> "QUOTE(" + name + ")";
    };
  }

  private Doubt doubt(Row row) {
    var here = new ArrayList<String>();
    var there = new ArrayList<String>();
    var values = new ArrayList<String>();
    for (var i = 0; i < work.shapes().key().size(); i++) {
      var value = row.string(i + 1);
      here.add(Sql.name(source, work.shapes().key().get(i)) + " = " + value);
      there.add(Sql.name(shadow, work.shapes().shadowKey().get(i)) + " = " + value);
      values.add(value);
    }
    return new Doubt(
        String.join(" AND ", here), String.join(" AND ", there), String.join(", ", values));
  }

  private boolean equal(Session session, Doubt doubt) {
    var differ =
        session.first(
            "SELECT 1 FROM %s WHERE %s AND %s"
                .formatted(joined(true), doubt.onSource(), differing()));
    if (differ.isPresent()) {
      return false;
    }
    return session
        .first(
            "SELECT 1 FROM %s WHERE %s AND %s IS NULL"
                .formatted(
                    joined(false),
                    doubt.onShadow(),
                    Sql.name(source, work.shapes().key().getFirst())))
        .isEmpty();
  }
}
