package dev.halcyon.plan;

import dev.halcyon.model.Column;
import dev.halcyon.model.TableSchema;
import dev.halcyon.sql.Sql;
import java.util.List;

/**
 * The side table that names the first child of every parent, and the statements that fill it, the
 * child and the parent, and compare them.
 *
 * <p>It has a row for every parent, also for one without a child: so a lookup is always that of one
 * row that is there, and locks no gap. It has no foreign key, because a cascade would lock gaps;
 * rows left behind by a parent that another table's cascade deleted do no harm.
 */
record FirstChild(ParentAndChild pair) {
  /** The alias of the parent wherever it is walked. */
  static final String WALKED = "p";

  /** The key column is named as the parent's, so that one range condition fits both tables. */
  String createTable() {
    return pair.sql(
        "CREATE TABLE {side} ({key} "
            + ParentAndChild.type(pair.parentKey())
            + " NOT NULL PRIMARY KEY, {first} "
            + pair.childKey().type()
            + " NULL) ENGINE=InnoDB");
  }

  String dropTable() {
    return pair.sql("DROP TABLE IF EXISTS {side}");
  }

  /** One row for each parent; runs before the child's triggers are there to look for it. */
  List<String> fillSide() {
    return List.of(
        pair.sql(
            "INSERT INTO {side} ({key}) SELECT p.{key} FROM {parent} p WHERE {range}"
                + " ON DUPLICATE KEY UPDATE {first} = {side}.{first}"));
  }

  /**
   * Makes children of what the parents hold. The chunk's parents are locked by then, and are read
   * first, so that no other row is.
   *
   * @param eachByItself for MariaDB, where INSERT … SELECT takes the AUTO-INC lock. While one has
   *     it, every other INSERT takes it too, until its statement ends; so two statements of the
   *     application that change several parents can meet in a deadlock, which the server reports as
   *     1467.
   */
  List<String> fillChild(TableSchema childTable, boolean eachByItself) {
    String into = "INSERT INTO {child} ({by}, " + pair.childNames() + ") ";
    String from =
        " FROM {parent} p STRAIGHT_JOIN {side} s ON s.{key} = p.{key}"
            + " WHERE {range} AND s.{first} IS NULL AND "
            + pair.parentHasValue("p");
    String insert =
        eachByItself
            ? "BEGIN NOT ATOMIC FOR r IN (SELECT p.{key} AS hal_key, "
                + pair.join(", ", i -> "p." + pair.parentName(i) + " AS hal_" + i)
                + from
                + ") DO "
                + into
                + "VALUES (r.hal_key, "
                + pair.join(", ", i -> "r.hal_" + i)
                + "); END FOR; END"
            : into + "SELECT p.{key}, " + pair.parentValues("p") + from;
    // What was written to a parent before all triggers were there.
    String mend =
        "UPDATE {parent} p STRAIGHT_JOIN {side} s ON s.{key} = p.{key}"
            + " STRAIGHT_JOIN {child} c ON c.{id} = s.{first}"
            + " SET "
            + pair.join(", ", i -> "c." + pair.childName(i) + " = p." + pair.parentName(i))
            + keepOnUpdateColumns(childTable, "c", pair.childColumns())
            + " WHERE {range} AND NOT ("
            + pair.same("p", "c")
            + ")";
    return List.of(pair.sql(insert), pair.sql(nameFirst()), pair.sql(mend));
  }

  /**
   * Puts what the first children hold into their parents. Subqueries instead of joins, because at
   * READ COMMITTED they lock nothing in the child, whose writers wait for the parent.
   */
  List<String> fillParent(TableSchema parentTable) {
    String update =
        "UPDATE {parent} p SET "
            + pair.join(", ", this::fromFirst)
            + keepOnUpdateColumns(parentTable, "p", pair.columns())
            + " WHERE {range} AND ("
            + pair.parentHasValue("p")
            + " OR EXISTS (SELECT 1 FROM {side} s WHERE s.{key} = p.{key} AND s.{first} IS NOT"
            + " NULL))";
    return List.of(pair.sql(nameFirst()), pair.sql(update));
  }

  /** What stands after FROM in a verification that walks the parent. */
  String parentsFrom() {
    return pair.sql(
        "{parent} p LEFT JOIN {side} s ON s.{key} = p.{key}"
            + " LEFT JOIN {child} c ON c.{id} = s.{first}");
  }

  List<Step.Verify.Fault> faults() {
    return List.of(
        new Step.Verify.Fault(
            "differs",
            pair.sql(
                "(c.{id} IS NOT NULL AND NOT ("
                    + pair.same("p", "c")
                    + ") OR c.{id} IS NULL AND "
                    + pair.parentHasValue("p")
                    + ")"),
            "the columns of " + pair.parent() + " are not those of its first " + pair.child()),
        new Step.Verify.Fault(
            "first-child",
            pair.sql(
                "(s.{key} IS NULL OR NOT (s.{first} <=>"
                    + " (SELECT MIN(x.{id}) FROM {child} x WHERE x.{by} = p.{key})))"),
            pair.side() + " does not name the first " + pair.child()));
  }

  /** A parent's further children, which have no place in its columns. */
  Step.Verify.Fault furtherChildren(String kind, String meaning) {
    return new Step.Verify.Fault(
        kind,
        pair.sql(
            "EXISTS (SELECT 1 FROM {child} x WHERE x.{by} = p.{key} AND NOT (x.{id} <=>"
                + " s.{first}))"),
        meaning);
  }

  private String fromFirst(int index) {
    String found =
        "(SELECT c."
            + pair.childName(index)
            + " FROM {side} s JOIN {child} c ON c.{id} = s.{first} WHERE s.{key} = p.{key})";
    String absent = pair.absent(index);
    return "p."
        + pair.parentName(index)
        + " = "
        + (absent.equals("NULL") ? found : "COALESCE(" + found + ", " + absent + ")");
  }

  private static String nameFirst() {
    return "UPDATE {side} p SET p.{first} ="
        + " (SELECT MIN(x.{id}) FROM {child} x WHERE x.{by} = p.{key}) WHERE {range}";
  }

  /** Columns that the server would stamp by itself keep their value, the copied ones aside. */
  private static String keepOnUpdateColumns(
      TableSchema table, String alias, List<Column> assigned) {
    var sql = new StringBuilder();
    for (Column column : table.columns()) {
      if (column.onUpdate() != null
          && assigned.stream().noneMatch(c -> c.name().equalsIgnoreCase(column.name()))) {
        String name = alias + "." + Sql.name(column.name());
        sql.append(", ").append(name).append(" = ").append(name);
      }
    }
    return sql.toString();
  }
}
