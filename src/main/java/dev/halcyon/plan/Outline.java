package dev.halcyon.plan;

import dev.halcyon.model.Column;
import dev.halcyon.model.Engine;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Index;
import dev.halcyon.model.Phase;
import dev.halcyon.model.Place;
import dev.halcyon.model.ServerFacts;
import dev.halcyon.model.TableSchema;
import dev.halcyon.model.Version;
import dev.halcyon.sql.Sql;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A draft in the making: operations put their steps into stages, in any order, and the outline puts
 * them in line and gives them their ids. Not thread-safe.
 */
final class Outline {
  private final Version version;
  private final ServerFacts facts;
  private final Map<Stage, List<Function<String, Step>>> stages = new EnumMap<>(Stage.class);
  private final Map<String, SyncTriggers> syncs = new LinkedHashMap<>();
  private final List<Finding> findings = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final List<String> drops = new ArrayList<>();
  private final List<String> contracted = new ArrayList<>();
  private final Set<String> redefined = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

  Outline(Version version, ServerFacts facts) {
    this.version = version;
    this.facts = facts;
  }

  Version version() {
    return version;
  }

  ServerFacts facts() {
    return facts;
  }

  boolean isMariaDb() {
    return facts.engine() == Engine.MARIADB;
  }

  /** The real table before the change; operations are made only for tables that are there. */
  TableSchema before(String table) {
    return facts
        .table(table)
        .orElseThrow(() -> new IllegalArgumentException("no table " + table + " in the facts"));
  }

  /** A name for something that lives as long as the window. */
  String windowName(String rest) {
    return ObjectNames.of(version, rest);
  }

  /** A schema statement. In rollback, later ones come first. */
  void ddl(Stage stage, String title, String table, String sql) {
    ddl(stage, title, table, sql, Step.Conditions.STRICT);
  }

  void ddl(Stage stage, String title, String table, String sql, Step.Conditions conditions) {
    add(stage, id -> new Step.Ddl(id, title, table, sql, Algorithm.NONE, conditions, List.of()));
  }

  /** {@code ALTER TABLE} with one clause. */
  void alter(Stage stage, String title, String table, String clause) {
    ddl(stage, title, table, "ALTER TABLE " + Sql.name(table) + " " + clause);
  }

  /** Adds a step when its id is known. */
  void add(Stage stage, Function<String, Step> step) {
    List<Function<String, Step>> list = stages.computeIfAbsent(stage, s -> new ArrayList<>());
    if (stage == Stage.ROLLBACK_SHAPE) {
      list.addFirst(step);
    } else {
      list.add(step);
    }
  }

  /** Halcyon's own filling of a shape: {@code statement} holds {@code {range}}. */
  void fill(String title, TableSchema table, Place place, String statement) {
    List<String> key = chunkKey(table, place);
    table.triggers().stream()
        .filter(t -> t.event().equals("UPDATE") && !ObjectNames.isOurs(t.name()))
        .forEach(
            t ->
                note(
                    "your trigger %s acts on every row that the backfill of %s writes, once"
                        .formatted(t.name(), table.name())));
    add(
        Stage.EXPAND_FILL,
        id ->
            new Step.Backfill(
                id,
                title,
                table.name(),
                key,
                table.name(),
                List.of(statement),
                true,
                table.rows()));
  }

  /** Rows that must not be there, looked for over the whole table by its key. */
  void verify(
      Stage stage,
      String title,
      TableSchema table,
      ErrorCode code,
      Place place,
      Step.Verify.Fault... faults) {
    List<String> key = chunkKey(table, place);
    add(
        stage,
        id ->
            new Step.Verify(
                id,
                title,
                table.name(),
                key,
                table.name(),
                Sql.name(table.name()),
                List.of(faults),
                false,
                table.rows(),
                code.code()));
  }

  /** The sync triggers of a table in this window. */
  SyncTriggers sync(String table) {
    return syncs.computeIfAbsent(table, t -> new SyncTriggers(this, before(t)));
  }

  /** Something goes away in contract; the gate names it. */
  void drops(String what) {
    drops.add(what);
  }

  /**
   * A view or a trigger of the user is redefined in contract, from what it is now: no other window
   * may do so meanwhile.
   */
  void redefinesInContract(String object, Place place) {
    Conflicts.refuse(this, object, place);
    contracted.add(object);
  }

  List<String> redefined() {
    return contracted;
  }

  /** The change's own file says what becomes of this view. */
  void redefinesView(String view) {
    redefined.add(view);
  }

  boolean redefines(String view) {
    return redefined.contains(view);
  }

  List<String> drops() {
    return drops;
  }

  void refuse(ErrorCode code, @Nullable Place place, String message, String remedy) {
    var finding = Finding.error(code.code(), place, message, remedy);
    if (!findings.contains(finding)) {
      findings.add(finding);
    }
  }

  void note(String text) {
    notes.add(text);
  }

  List<Finding> findings() {
    return findings;
  }

  List<String> notes() {
    return notes;
  }

  /** The columns by which to walk; refuses a table without a key. */
  List<String> chunkKey(TableSchema table, Place place) {
    return table
        .chunkKey()
        .map(Index::columns)
        .orElseGet(
            () -> {
              refuse(
                  ErrorCode.NO_KEY,
                  place,
                  table.name()
                      + " has no primary key and no unique key over NOT NULL columns, so"
                      + " its rows cannot be worked through in chunks",
                  "add a primary key first");
              return List.of("id");
            });
  }

  /**
   * {@code , `updated_at` = `updated_at`} for each column that the server would touch by itself.
   */
  static String keepOnUpdateColumns(TableSchema table) {
    var sql = new StringBuilder();
    for (Column column : table.columns()) {
      if (column.onUpdate() != null) {
        String name = Sql.name(column.name());
        sql.append(", ").append(name).append(" = ").append(name);
      }
    }
    return sql.toString();
  }

  /** The steps of a phase with their ids: {@code expand.1}, {@code expand.2}. */
  List<Step> steps(Phase phase) {
    var steps = new ArrayList<Step>();
    for (Map.Entry<Stage, List<Function<String, Step>>> entry : stages.entrySet()) {
      if (entry.getKey().phase() == phase) {
        for (Function<String, Step> step : entry.getValue()) {
          steps.add(step.apply(phase.label() + "." + (steps.size() + 1)));
        }
      }
    }
    return steps;
  }

  /** Turns the collected sync bodies into trigger steps; once, after all operations. */
  void printSyncTriggers() {
    syncs.values().forEach(SyncTriggers::print);
  }
}
