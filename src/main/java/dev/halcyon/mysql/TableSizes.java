package dev.halcyon.mysql;

import dev.halcyon.plan.TableSize;
import java.util.Map;
import java.util.TreeMap;

/** Reads how big the tables of a session's schema are. */
public final class TableSizes {
  private TableSizes() {}

  /** Every table by name, names without regard to letter case. */
  public static Map<String, TableSize> read(Session session) {
    var sizes = new TreeMap<String, TableSize>(String.CASE_INSENSITIVE_ORDER);
    session
        .query(
            """
            SELECT table_name AS name, COALESCE(table_rows, 0) AS estimate,
                   COALESCE(data_length, 0) + COALESCE(index_length, 0) AS size
              FROM information_schema.tables
             WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'
            """)
        .forEach(
            row ->
                sizes.put(
                    row.string("name"),
                    new TableSize(row.longValue("estimate"), row.longValue("size"))));
    return sizes;
  }
}
