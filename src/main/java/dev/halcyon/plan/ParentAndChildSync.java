package dev.halcyon.plan;

import dev.halcyon.sql.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The triggers that keep the columns of a parent and of its first child equal, whichever of both
 * tables the application writes.
 *
 * <p>Three rules make it hold under concurrent writers. The parent's row is locked before anything
 * else is looked at, so that two sessions never decide about one parent at once. What is looked up
 * is read with a lock, because a plain read may be older than that lock. And a statement that came
 * from one table stamps a user variable with its own time, by which the other table's triggers
 * stand aside: a stamp that an error left behind never equals the time of a later statement.
 *
 * <p>Unlike in the triggers of one table no error is swallowed: an application's statement that
 * cannot be carried over must not succeed by half.
 */
record ParentAndChildSync(ParentAndChild pair) {
  /** A trigger to create. */
  record SyncTrigger(String name, String table, String sql) {
    String dropSql() {
      return "DROP TRIGGER IF EXISTS " + Sql.name(name);
    }
  }

  /** These make the side table follow the parent; they come before the side table is filled. */
  List<SyncTrigger> followParent() {
    return List.of(afterParentInsert(), afterParentDelete());
  }

  /** Carries the parent's writes over; comes when every parent has its row in the side table. */
  SyncTrigger mirrorParent() {
    return afterParentUpdate();
  }

  /** These carry the child's writes over. */
  List<SyncTrigger> mirrorChild() {
    return List.of(
        beforeChildInsert(),
        afterChildInsert(),
        beforeChildUpdate(),
        afterChildUpdate(),
        beforeChildDelete(),
        afterChildDelete());
  }

  List<SyncTrigger> all() {
    var all = new ArrayList<>(followParent());
    all.add(mirrorParent());
    all.addAll(mirrorChild());
    return all;
  }

  private SyncTrigger afterParentInsert() {
    return trigger(
        "AFTER INSERT",
        pair.parent(),
        declareFirst(),
        "IF "
            + pair.parentHasValue("NEW")
            + " THEN "
            + insertChild()
            + " END IF; INSERT INTO {side} ({key}, {first}) VALUES (NEW.{key}, hal_first)"
            + " ON DUPLICATE KEY UPDATE {first} = hal_first;");
  }

  private SyncTrigger afterParentUpdate() {
    String assignments = pair.join(", ", i -> pair.childName(i) + " = NEW." + pair.parentName(i));
    return trigger(
        "AFTER UPDATE",
        pair.parent(),
        declareFirst(),
        "IF NOT (OLD.{key} <=> NEW.{key}) THEN DELETE FROM {side} WHERE {key} = NEW.{key};"
            + " UPDATE {side} SET {key} = NEW.{key} WHERE {key} = OLD.{key}; END IF; IF NOT ("
            + ParentAndChild.unchanged(pair.columns())
            + ") THEN "
            + lookUp("NEW.{key}")
            + " IF hal_first IS NOT NULL THEN "
            + stamped("UPDATE {child} SET " + assignments + " WHERE {id} = hal_first;")
            + " ELSEIF "
            + pair.parentHasValue("NEW")
            + " THEN "
            + insertChild()
            + nameFirst("hal_first", "NEW.{key}")
            + " END IF; END IF;");
  }

  /** Without a cascading foreign key nobody else deletes the children of a deleted parent. */
  private SyncTrigger afterParentDelete() {
    String children = stamped("DELETE FROM {child} WHERE {by} = OLD.{key};");
    return trigger(
        "AFTER DELETE",
        pair.parent(),
        "",
        "DELETE FROM {side} WHERE {key} = OLD.{key};" + (pair.cascades() ? "" : children));
  }

  private SyncTrigger beforeChildInsert() {
    return trigger("BEFORE INSERT", pair.child(), declareCount(), lockParent("NEW.{by}"));
  }

  private SyncTrigger afterChildInsert() {
    return trigger("AFTER INSERT", pair.child(), declareFirst(), gain());
  }

  /** Two parents are locked in the order of their keys, whichever way the child goes. */
  private SyncTrigger beforeChildUpdate() {
    String both = "(COALESCE(OLD.{by}, NEW.{by}), COALESCE(NEW.{by}, OLD.{by}))";
    return trigger(
        "BEFORE UPDATE",
        pair.child(),
        declareCount(),
        "IF "
            + moved()
            + " THEN "
            + lockParent("LEAST" + both)
            + lockParent("GREATEST" + both)
            + " ELSEIF "
            + childChanged()
            + " THEN "
            + lockParent("NEW.{by}")
            + " END IF;");
  }

  private SyncTrigger afterChildUpdate() {
    return trigger(
        "AFTER UPDATE",
        pair.child(),
        declareFirst() + declareValues(),
        "IF "
            + moved()
            + " THEN "
            + lose()
            + gain()
            + " ELSEIF "
            + childChanged()
            + " THEN "
            + lookUp("NEW.{by}")
            + " IF hal_first = NEW.{id} THEN "
            + mirrorNew()
            + " END IF; END IF;");
  }

  private SyncTrigger beforeChildDelete() {
    return trigger("BEFORE DELETE", pair.child(), declareCount(), lockParent("OLD.{by}"));
  }

  private SyncTrigger afterChildDelete() {
    return trigger("AFTER DELETE", pair.child(), declareFirst() + declareValues(), lose());
  }

  /** A row that came to a parent may be its first child from now on. */
  private String gain() {
    return lookUp("NEW.{by}")
        + " IF hal_first IS NULL OR NEW.{id} < hal_first THEN"
        + nameFirst("NEW.{id}", "NEW.{by}")
        + mirrorNew()
        + " END IF;";
  }

  /** A row that left a parent may have been its first child: the next one takes its place. */
  private String lose() {
    String values = pair.join(", ", i -> local(i) + " = " + pair.absent(i));
    String assignments = pair.join(", ", i -> pair.parentName(i) + " = " + local(i));
    return lookUp("OLD.{by}")
        + " IF hal_first = OLD.{id} THEN SELECT MIN({id}) INTO hal_first FROM {child}"
        + " WHERE {by} = OLD.{by} LOCK IN SHARE MODE; IF hal_first IS NULL THEN SET "
        + values
        + "; ELSE SELECT "
        + pair.childNames()
        + " INTO "
        + pair.join(", ", ParentAndChildSync::local)
        + " FROM {child} WHERE {id} = hal_first LOCK IN SHARE MODE; END IF;"
        + nameFirst("hal_first", "OLD.{by}")
        + stamped("UPDATE {parent} SET " + assignments + " WHERE {key} = OLD.{by};")
        + " END IF;";
  }

  private String mirrorNew() {
    String assignments = pair.join(", ", i -> pair.parentName(i) + " = NEW." + pair.childName(i));
    return stamped("UPDATE {parent} SET " + assignments + " WHERE {key} = NEW.{by};");
  }

  private String insertChild() {
    return stamped(
            "INSERT INTO {child} ({by}, "
                + pair.childNames()
                + ") VALUES (NEW.{key}, "
                + pair.parentValues("NEW")
                + ");")
        + " SET hal_first = LAST_INSERT_ID();";
  }

  private static String nameFirst(String value, String parentKey) {
    return " UPDATE {side} SET {first} = " + value + " WHERE {key} = " + parentKey + ";";
  }

  /** MAX, because without a row SELECT … INTO would leave a warning and the old value behind. */
  private static String lookUp(String parentKey) {
    return " SELECT MAX({first}) INTO hal_first FROM {side} WHERE {key} = "
        + parentKey
        + " LOCK IN SHARE MODE;";
  }

  private static String lockParent(String key) {
    return " SELECT COUNT(*) INTO hal_count FROM {parent} WHERE {key} = " + key + " FOR UPDATE;";
  }

  private static String moved() {
    return "NOT (OLD.{by} <=> NEW.{by} AND OLD.{id} <=> NEW.{id})";
  }

  private String childChanged() {
    return "NOT (" + ParentAndChild.unchanged(pair.childColumns()) + ")";
  }

  private static String stamped(String statement) {
    return " SET {guard} = NOW(6); " + statement + " SET {guard} = NULL;";
  }

  private String declareFirst() {
    return "DECLARE hal_first " + pair.childKey().type() + "; ";
  }

  private static String declareCount() {
    return "DECLARE hal_count BIGINT; ";
  }

  private String declareValues() {
    return pair.join(
        "", i -> "DECLARE " + local(i) + " " + ParentAndChild.type(pair.columns().get(i)) + "; ");
  }

  private static String local(int index) {
    return "hal_value_" + index;
  }

  private SyncTrigger trigger(String event, String table, String declarations, String body) {
    String suffix =
        (event.charAt(0) + event.substring(event.indexOf(' ') + 1, event.indexOf(' ') + 2))
            .toLowerCase(Locale.ROOT);
    String name = pair.triggerName(table, suffix);
    String sql =
        "CREATE TRIGGER %s %s ON %s FOR EACH ROW BEGIN "
                .formatted(Sql.name(name), event, Sql.name(table))
            + declarations
            + "IF @hal_quiet IS NULL AND NOT ({guard} <=> NOW(6)) THEN "
            + body
            + " END IF; END";
    return new SyncTrigger(name, table, pair.sql(sql));
  }
}
