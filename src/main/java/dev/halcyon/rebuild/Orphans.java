package dev.halcyon.rebuild;

import dev.halcyon.model.ForeignKey;
import dev.halcyon.mysql.Catalog;
import dev.halcyon.mysql.Session;
import dev.halcyon.sql.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Looks for rows that a foreign key would not have let in. Reads without locks. */
final class Orphans {
  private static final int SHOWN = 10;

  private Orphans() {}

  /**
   * @return for each key that has any, which rows; empty when there are none
   */
  static List<String> of(Session session, String schema, Belongings belongings) {
    var found = new ArrayList<String>();
    Stream.concat(belongings.keys().stream(), belongings.pointing().stream())
        .forEach(key -> of(session, schema, key, found));
    return found;
  }

  private static void of(Session session, String schema, ForeignKey key, List<String> found) {
    var child = Catalog.table(session, schema, key.table());
    if (child.isEmpty()) {
      return;
    }
    var told =
        child
            .flatMap(table -> table.chunkKey())
            .map(index -> index.columns())
            .orElse(key.columns());
    var rows =
        session.query(
            "SELECT %s FROM %s AS child LEFT JOIN %s AS parent ON %s WHERE %s AND %s IS NULL LIMIT %d"
                .formatted(
                    told.stream()
                        .map(c -> "QUOTE(" + Sql.name("child", c) + ")")
                        .collect(Collectors.joining(", ', ', ", "CONCAT(", ")")),
                    Sql.name(key.table()),
                    Sql.name(key.referencedTable()),
                    IntStream.range(0, key.columns().size())
                        .mapToObj(
                            i ->
                                Sql.name("child", key.columns().get(i))
                                    + " = "
                                    + Sql.name("parent", key.referencedColumns().get(i)))
                        .collect(Collectors.joining(" AND ")),
                    key.columns().stream()
                        .map(c -> Sql.name("child", c) + " IS NOT NULL")
                        .collect(Collectors.joining(" AND ")),
                    Sql.name("parent", key.referencedColumns().getFirst()),
                    SHOWN));
    if (!rows.isEmpty()) {
      found.add(
          "rows of %s have no row in %s (foreign key %s); their %s: %s"
              .formatted(
                  key.table(),
                  key.referencedTable(),
                  key.name(),
                  String.join(", ", told),
                  rows.stream().map(row -> row.string(1)).collect(Collectors.joining("; "))));
    }
  }
}
