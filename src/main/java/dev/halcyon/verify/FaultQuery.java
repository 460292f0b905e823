package dev.halcyon.verify;

import dev.halcyon.mysql.Row;
import dev.halcyon.mysql.Session;
import dev.halcyon.plan.Step;
import dev.halcyon.sql.Sql;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The statements of one verify step. */
final class FaultQuery {
  private final Step.Verify step;

  FaultQuery(Step.Verify step) {
    this.step = step;
  }

  /**
   * Looks for every kind of fault at once. One statement counts, so each chunk is seen in one
   * state; only when there are faults are their keys read, and then both in one snapshot.
   *
   * @param condition the range of keys
   */
  List<Tally.Part> run(Session session, String condition) {
    if (counts(session, condition).stream().allMatch(n -> n == 0)) {
      return step.faults().stream().map(fault -> new Tally.Part(0, List.of())).toList();
    }
    return session.inTransaction(
        () -> {
          var parts = new ArrayList<Tally.Part>();
          var counts = counts(session, condition);
          for (var i = 0; i < counts.size(); i++) {
            var rows = counts.get(i);
            var keys =
                rows == 0
                    ? List.<List<String>>of()
                    : keys(session, condition, step.faults().get(i));
            parts.add(new Tally.Part(rows, keys));
          }
          return parts;
        });
  }

  /** How many rows there are, for a walk that is not cut into chunks. */
  long rows(Session session) {
    return session
        .query("SELECT COUNT(*) FROM " + step.from() + " WHERE " + Sql.OWN)
        .getFirst()
        .longValue(1);
  }

  private List<Long> counts(Session session, String condition) {
    var sums =
        step.faults().stream()
            .map(fault -> "COALESCE(SUM(CASE WHEN " + fault.condition() + " THEN 1 ELSE 0 END), 0)")
            .collect(Collectors.joining(", "));
    var row =
        session.query("SELECT " + sums + " FROM " + step.from() + " WHERE " + condition).getFirst();
    return IntStream.rangeClosed(1, step.faults().size()).mapToObj(row::longValue).toList();
  }

  private List<List<String>> keys(Session session, String condition, Step.Verify.Fault fault) {
    var columns =
        step.key().stream()
            .map(column -> Sql.name(step.alias(), column))
            .collect(Collectors.joining(", "));
    return session
        .query(
            "SELECT %s FROM %s WHERE %s AND (%s) ORDER BY %s LIMIT %d"
                .formatted(columns, step.from(), condition, fault.condition(), columns, Tally.KEYS))
        .stream()
        .map(this::shown)
        .toList();
  }

  private List<String> shown(Row row) {
    return row.values().stream()
        .map(
            value ->
                value instanceof byte[] bytes
                    ? "0x" + HexFormat.of().formatHex(bytes)
                    : String.valueOf(value))
        .toList();
  }
}
