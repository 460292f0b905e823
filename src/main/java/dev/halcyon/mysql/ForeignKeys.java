package dev.halcyon.mysql;

import dev.halcyon.model.ForeignKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;

/** Reads the foreign keys that point at tables; those of a table stand in its own text. */
final class ForeignKeys {
  private ForeignKeys() {}

  /** Every foreign key that points at a table of the schema. */
  static List<ForeignKey> ofSchema(Session session, String schema) {
    return read(session, schema, "", schema);
  }

  static List<ForeignKey> referencing(Session session, String schema, Collection<String> tables) {
    return read(
        session,
        schema,
        " AND u.referenced_table_name IN " + Catalog.marks(tables),
        Catalog.arguments(schema, tables));
  }

  /** Short enough for the server's record of statements, where what is cut could be anything. */
  private static List<ForeignKey> read(
      Session session, String schema, String condition, Object... arguments) {
    var rows =
        session.query(
            "SELECT u.constraint_schema AS child_schema, u.table_name AS child,"
                + " u.constraint_name AS name, u.column_name AS child_column,"
                + " u.referenced_table_name AS parent, u.referenced_column_name AS parent_column,"
                + " r.delete_rule AS on_delete, r.update_rule AS on_update"
                + " FROM information_schema.key_column_usage u"
                + " JOIN information_schema.referential_constraints r"
                + " USING (constraint_schema, constraint_name, table_name)"
                + " WHERE u.referenced_table_schema = ?"
                + condition
                + " ORDER BY 1, 2, 3, u.ordinal_position",
            arguments);
    var keys = new LinkedHashMap<List<String>, List<Row>>();
    for (Row row : rows) {
      keys.computeIfAbsent(
              List.of(row.string("child_schema"), row.string("child"), row.string("name")),
              k -> new ArrayList<>())
          .add(row);
    }
    return keys.values().stream().map(parts -> key(schema, parts)).toList();
  }

  private static ForeignKey key(String schema, List<Row> parts) {
    Row first = parts.getFirst();
    String childSchema = first.string("child_schema");
    String child = first.string("child");
    return new ForeignKey(
        first.string("name"),
        childSchema.equals(schema) ? child : childSchema + "." + child,
        parts.stream().map(p -> p.string("child_column")).toList(),
        schema,
        first.string("parent"),
        parts.stream().map(p -> p.string("parent_column")).toList(),
        first.string("on_delete"),
        first.string("on_update"));
  }
}
