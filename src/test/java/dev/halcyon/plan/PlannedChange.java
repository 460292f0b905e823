package dev.halcyon.plan;

import dev.halcyon.backfill.BackfillContext;
import dev.halcyon.backfill.BackfillReport;
import dev.halcyon.backfill.BackfillRunner;
import dev.halcyon.backfill.Checkpoints;
import dev.halcyon.model.ForeignKey;
import dev.halcyon.model.Phase;
import dev.halcyon.model.ServerFacts;
import dev.halcyon.model.TableSchema;
import dev.halcyon.model.Version;
import dev.halcyon.mysql.Catalog;
import dev.halcyon.mysql.ConnectionSettings;
import dev.halcyon.mysql.Pace;
import dev.halcyon.mysql.Patience;
import dev.halcyon.mysql.PatientDdl;
import dev.halcyon.mysql.Server;
import dev.halcyon.mysql.Session;
import dev.halcyon.mysql.Throttle;
import dev.halcyon.progress.Events;
import dev.halcyon.sql.Ddl;
import dev.halcyon.sql.Script;
import dev.halcyon.sql.SourceFile;
import dev.halcyon.sql.Statement;
import dev.halcyon.testing.Database;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A change as planned for a database, whose steps a test runs one by one: each backfill as one
 * single chunk, each verification as a count. Nothing is journalled or tried again.
 */
final class PlannedChange {
  private final Database database;
  private final Draft draft;

  private PlannedChange(Database database, Draft draft) {
    this.database = database;
    this.draft = draft;
  }

  /**
   * Plans a change as {@code V13}.
   *
   * @param sql the change file
   */
  static PlannedChange plan(Database database, String sql) {
    try (var session = open(database)) {
      var file = new SourceFile("V13__change.sql", sql);
      var parsed = Ddl.parse(database.engine(), database.schema(), file);
      if (!parsed.findings().isEmpty()) {
        throw new AssertionError(parsed.findings().toString());
      }
      var before =
          Catalog.tables(
              session, database.schema(), Catalog.tableNames(session, database.schema()));
      var facts =
          new ServerFacts(
              session.engine(),
              session.version(),
              database.schema(),
              before,
              after(database, before, parsed.statements()),
              Map.of(),
              before.values().stream().flatMap(t -> t.foreignKeys().stream()).toList(),
              List.of());
      var form = new Script.Form.EndState(parsed.statements(), parsed.directives());
      var script = new Script(Version.parse("V13"), "change", file.path(), "checksum", form);
      return new PlannedChange(database, Planner.draft(script, facts));
    }
  }

  Draft draft() {
    return draft;
  }

  void expand() {
    run(draft.expand());
  }

  /**
   * The same as a run does it: with patient schema statements, and with backfills in chunks.
   *
   * @return how often a chunk met locks of others
   */
  long expandInChunksOf(int rows) {
    long collisions = 0;
    for (Step step : draft.expand()) {
      if (step instanceof Step.Backfill backfill) {
        collisions += fillInChunks(backfill, rows).collisions();
      } else if (step instanceof Step.Ddl ddl) {
        runPatiently(ddl);
      } else {
        run(step);
      }
    }
    return collisions;
  }

  private void runPatiently(Step.Ddl step) {
    Server server = server();
    try (var session = server.open("test")) {
      new PatientDdl(session, server::open, Patience.defaults(), event -> {}, "13", step.id())
          .run(step.table(), step.sql());
    }
  }

  private Server server() {
    return Server.connect(
        new ConnectionSettings(database.url(), database.user(), database.password()));
  }

  void contract() {
    run(draft.contract());
  }

  void rollback() {
    run(draft.rollback());
  }

  /** Every fault that is found in any row: {@code differs: 2}. */
  List<String> verify() {
    return faults(draft.verify());
  }

  /** What stands against a rollback. */
  List<String> rollbackChecks() {
    return faults(draft.rollback());
  }

  List<Step> steps(Phase phase) {
    return switch (phase) {
      case EXPAND -> draft.expand();
      case VERIFY -> draft.verify();
      case CONTRACT -> draft.contract();
      case ROLLBACK -> draft.rollback();
    };
  }

  void run(List<Step> steps) {
    for (Step step : steps) {
      run(step);
    }
  }

  private void run(Step step) {
    switch (step) {
      case Step.Ddl s -> database.execute(s.sql());
      case Step.Backfill s -> fill(s);
      case Step.Verify s -> {
        List<String> found = faults(List.of(s));
        if (!found.isEmpty()) {
          throw new AssertionError(s.title() + ": " + found);
        }
      }
      case Step.Gate s -> {}
      case Step.Rebuild s -> throw new AssertionError("no such step is expected: " + s);
      case Step.Locked s -> throw new AssertionError("no such step is expected: " + s);
      case Step.Data s -> throw new AssertionError("no such step is expected: " + s);
    }
  }

  private BackfillReport fillInChunks(Step.Backfill step, int rows) {
    Server server = server();
    var context =
        new BackfillContext(
            "13",
            server::open,
            new Remembered(),
            Throttle.OFF,
            Pace.DEFAULT.withRows(rows, rows),
            Duration.ofSeconds(30),
            Events.NONE,
            () -> false);
    return new BackfillRunner(step, context).run();
  }

  private void fill(Step.Backfill step) {
    try (var connection = database.connection();
        var statement = connection.createStatement()) {
      statement.execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
      statement.execute("SET @hal_quiet = 1");
      connection.setAutoCommit(false);
      for (String sql : step.statements()) {
        statement.execute(sql.replace("{range}", "1 = 1"));
      }
      connection.commit();
    } catch (SQLException failure) {
      throw new AssertionError(step.title(), failure);
    }
  }

  private List<String> faults(List<Step> steps) {
    var found = new ArrayList<String>();
    for (Step step : steps) {
      if (step instanceof Step.Verify verify) {
        for (Step.Verify.Fault fault : verify.faults()) {
          String count =
              database.value(
                  "SELECT COUNT(*) FROM " + verify.from() + " WHERE (" + fault.condition() + ")");
          if (!count.equals("0")) {
            found.add(fault.kind() + ": " + count);
          }
        }
      }
    }
    return found;
  }

  private static Session open(Database database) {
    return Server.connect(
            new ConnectionSettings(database.url(), database.user(), database.password()))
        .open("test");
  }

  /** The change's own statements on empty copies of the tables, in a schema of their own. */
  private static Map<String, TableSchema> after(
      Database database, Map<String, TableSchema> before, List<Statement> statements) {
    try (var scratch = Database.fresh(database.server());
        var session = open(scratch)) {
      scratch.execute("SET foreign_key_checks = 0");
      before.values().forEach(t -> scratch.execute(t.showCreate()));
      statements.forEach(s -> scratch.execute(s.text()));
      var after = new TreeMap<String, TableSchema>();
      Catalog.tables(session, scratch.schema(), Catalog.tableNames(session, scratch.schema()))
          .forEach((name, table) -> after.put(name, at(table, database.schema())));
      return after;
    }
  }

  private static TableSchema at(TableSchema table, String schema) {
    List<ForeignKey> keys =
        table.foreignKeys().stream()
            .map(
                k ->
                    new ForeignKey(
                        k.name(),
                        k.table(),
                        k.columns(),
                        schema,
                        k.referencedTable(),
                        k.referencedColumns(),
                        k.onDelete(),
                        k.onUpdate()))
            .toList();
    return new TableSchema(
        table.name(),
        table.engine(),
        table.columns(),
        table.indexes(),
        keys,
        table.checks(),
        table.triggers(),
        table.partitioned(),
        table.showCreate(),
        table.rows(),
        table.bytes());
  }

  /** Nothing dies here, so that a checkpoint need not outlive the process. */
  private static final class Remembered implements Checkpoints {
    private @Nullable String text;

    @Override
    public Optional<String> read(Session session) {
      return Optional.ofNullable(text);
    }

    @Override
    public void write(Session session, String newText, long rowsDone) {
      text = newText;
    }
  }
}
