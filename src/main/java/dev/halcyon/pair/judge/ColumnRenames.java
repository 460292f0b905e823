package dev.halcyon.pair.judge;

import dev.halcyon.model.Column;
import dev.halcyon.sql.AlterClause;
import dev.halcyon.sql.Statement;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the columns of one table were called before.
 *
 * @param former new name to old name; columns that keep their names have no entry
 */
record ColumnRenames(Map<String, String> former) {
  ColumnRenames {
    var copy = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    copy.putAll(former);
    former = Collections.unmodifiableMap(copy);
  }

  static ColumnRenames of(String table, List<Statement> statements) {
    var former = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    for (Statement statement : statements) {
      if (statement instanceof Statement.AlterTable alter
          && alter.table().equalsIgnoreCase(table)) {
        apply(alter, former);
      }
    }
    return new ColumnRenames(former);
  }

  /** The clauses of one statement act at once. */
  private static void apply(Statement.AlterTable alter, Map<String, String> former) {
    var renamed = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    for (AlterClause clause : alter.clauses()) {
      if (clause instanceof AlterClause.RenameColumn rename) {
        renamed.put(rename.to(), rename.from());
      } else if (clause instanceof AlterClause.ChangeColumn change
          && !change.from().equalsIgnoreCase(change.to())) {
        renamed.put(change.to(), change.from());
      }
    }
    renamed.replaceAll((to, from) -> former.getOrDefault(from, from));
    former.keySet().removeAll(renamed.values());
    former.putAll(renamed);
  }

  /** The name that the column had, whether there was one of that name or not. */
  String before(String column) {
    return former.getOrDefault(column, former.containsValue(column) ? "" : column);
  }

  boolean same(Column before, Column after) {
    return before(after.name()).equalsIgnoreCase(before.name());
  }
}
