package dev.halcyon.plan;

import dev.halcyon.model.TableSchema;
import dev.halcyon.model.Trigger;
import dev.halcyon.sql.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The BEFORE triggers by which one window keeps old and new columns of a table equal.
 *
 * <p>They come after the user's own BEFORE triggers, whose changes they carry over. Where the user
 * has such triggers, a further one of ours comes before them, so that they find the columns that
 * they know filled whichever version of the application writes; what they then change is reconciled
 * by ours behind them.
 *
 * <p>No error inside reaches the application: the value that could not be mapped stays as it is,
 * and verify names the row.
 */
final class SyncTriggers {
  private final Outline outline;
  private final TableSchema table;
  private final List<String> insert = new ArrayList<>();
  private final List<String> update = new ArrayList<>();
  private final List<String> reconcile = new ArrayList<>();
  private final List<Step.Locked.Part> swaps = new ArrayList<>();
  private final List<String> redefined = new ArrayList<>();
  private final List<String> names = new ArrayList<>();

  SyncTriggers(Outline outline, TableSchema table) {
    this.outline = outline;
    this.table = table;
  }

  /**
   * @param onInsert statements for a new row, both columns still as the application gave them
   * @param onUpdate statements for a changed row
   * @param onReconcile statements that make the new column follow the old one unless they agree
   */
  void add(String onInsert, String onUpdate, String onReconcile) {
    insert.add(onInsert);
    update.add(onUpdate);
    reconcile.add(onReconcile);
  }

  /**
   * A trigger of the user that names the old column goes over to the new one, in the same breath in
   * which the sync triggers go: before that its changes to the new column would be overruled, after
   * it they would be missing. It keeps the settings that it runs under.
   */
  void redefineInContract(Trigger trigger, String recreate) {
    redefined.add(trigger.name());
    swaps.add(part("DROP TRIGGER IF EXISTS " + Sql.name(trigger.name())));
    swaps.add(
        part(
            "SET @hal_mode = @@SESSION.sql_mode, @hal_collation = @@SESSION.collation_connection,"
                + " SESSION sql_mode = "
                + Sql.literal(trigger.sqlMode())
                + ", SESSION collation_connection = "
                + trigger.collation()));
    swaps.add(part(recreate));
    // A run that died before this goes on in a session that has its own settings.
    swaps.add(
        part(
            "SET SESSION sql_mode = COALESCE(@hal_mode, @@SESSION.sql_mode), SESSION"
                + " collation_connection = COALESCE(@hal_collation,"
                + " @@SESSION.collation_connection)"));
  }

  void print() {
    print("INSERT", "bi", insert);
    print("UPDATE", "bu", update);
    if (swaps.isEmpty()) {
      names.forEach(name -> drop(Stage.CONTRACT_UNSYNC, name));
    } else {
      var parts = new ArrayList<Step.Locked.Part>();
      names.forEach(name -> parts.add(part(dropSql(name))));
      parts.addAll(swaps);
      outline.add(
          Stage.CONTRACT_UNSYNC,
          id ->
              new Step.Locked(
                  id,
                  "drop the sync triggers of %s, redefine %s"
                      .formatted(table.name(), String.join(", ", redefined)),
                  List.of(table.name()),
                  parts));
    }
    names.forEach(name -> drop(Stage.ROLLBACK_UNSYNC, name));
  }

  private void drop(Stage stage, String name) {
    outline.ddl(stage, "drop sync trigger " + name, table.name(), dropSql(name));
  }

  private static String dropSql(String name) {
    return "DROP TRIGGER IF EXISTS " + Sql.name(name);
  }

  private static Step.Locked.Part part(String sql) {
    return new Step.Locked.Part(sql, List.of());
  }

  private void print(String event, String suffix, List<String> bodies) {
    if (bodies.isEmpty()) {
      return;
    }
    Optional<Trigger> firstOfUser =
        table.triggers().stream()
            .filter(t -> t.timing().equals("BEFORE") && t.event().equals(event))
            .filter(t -> !ObjectNames.isOurs(t.name()))
            .min((a, b) -> Integer.compare(a.order(), b.order()));
    if (firstOfUser.isPresent()) {
      String place = " PRECEDES " + Sql.name(firstOfUser.get().name());
      create(event, suffix + "0", place, bodies);
      create(event, suffix, "", reconcile);
    } else {
      create(event, suffix, "", bodies);
    }
  }

  private void create(String event, String suffix, String place, List<String> bodies) {
    String name = outline.windowName(table.name() + "_" + suffix);
    String sql =
        "CREATE TRIGGER "
            + Sql.name(name)
            + " BEFORE "
            + event
            + " ON "
            + Sql.name(table.name())
            + " FOR EACH ROW"
            + place
            + " BEGIN DECLARE CONTINUE HANDLER FOR SQLEXCEPTION BEGIN END; "
            + String.join(" ", bodies)
            + " END";
    outline.ddl(
        Stage.EXPAND_SYNC,
        "create sync trigger " + name,
        table.name(),
        sql,
        Step.Conditions.LENIENT);
    names.add(name);
  }
}
