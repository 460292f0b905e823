package dev.halcyon.pair.judge;

import dev.halcyon.model.ServerFacts;
import dev.halcyon.model.TableSchema;
import dev.halcyon.sql.AlterClause;
import dev.halcyon.sql.Script;
import dev.halcyon.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Says what row events do between a server that has a change and one that has it not. Rows in the
 * log go by the place of a column, never by its name. What is said here was measured on both
 * engines; docs/pair-schema-differences.md has the table. Pure.
 */
public final class Judge {
  private final ServerFacts facts;
  private final Conversions forward;
  private final Conversions backward;
  private final List<Verdict> verdicts = new ArrayList<>();
  private final Map<String, String> renamedTables = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  private Judge(ServerFacts facts, Conversions forward, Conversions backward) {
    this.facts = facts;
    this.forward = forward;
    this.backward = backward;
  }

  /**
   * @param statements all of the change
   * @param facts the tables as they are, and as the change's own statements leave them
   * @param forward what the server that is changed first may convert
   * @param backward what the other one may convert
   */
  public static Judgement of(
      List<Statement> statements, ServerFacts facts, Conversions forward, Conversions backward) {
    var judge = new Judge(facts, forward, backward);
    statements.forEach(judge::statement);
    judge.tables(statements);
    return new Judgement(judge.verdicts);
  }

  /** All of a change, in their order. */
  public static List<Statement> statements(Script script) {
    return switch (script.form()) {
      case Script.Form.EndState endState -> endState.statements();
      case Script.Form.AsWritten asWritten ->
          Stream.concat(asWritten.expand().stream(), asWritten.contract().stream()).toList();
    };
  }

  /** The old names of a table's renamed columns, by their new ones. */
  public static Map<String, String> formerNames(String table, List<Statement> statements) {
    return ColumnRenames.of(table, statements).former();
  }

  private void tables(List<Statement> statements) {
    facts
        .before()
        .forEach(
            (name, table) -> {
              var after = facts.tableAfter(name);
              if (after.isPresent()) {
                var renames = ColumnRenames.of(name, statements);
                verdicts.addAll(
                    new ColumnDifferences(
                            table, after.get(), renames, facts.engine(), forward, backward)
                        .verdicts());
                verdicts.addAll(
                    new KeyDifferences(table, after.get(), renames, facts.engine()).verdicts());
              } else if (!renamedTables.containsKey(name)) {
                verdicts.add(dropped(table));
              }
            });
    facts.after().values().stream()
        .filter(table -> facts.table(table.name()).isEmpty())
        .filter(table -> !isRenamed(table.name()))
        .forEach(table -> verdicts.add(created(table)));
  }

  private boolean isRenamed(String target) {
    return renamedTables.values().stream().anyMatch(target::equalsIgnoreCase);
  }

  private static Verdict created(TableSchema table) {
    return new Verdict(
        table.name(),
        "the table is new",
        Passage.FREE,
        Passage.stops("the first row that is written to it finds no table there"));
  }

  private static Verdict dropped(TableSchema table) {
    return new Verdict(
        table.name(),
        "the table is dropped",
        Passage.stops("the first row that is written to it finds no table there"),
        Passage.FREE);
  }

  private void renamed(String from, String to) {
    renamedTables.put(from, to);
    verdicts.add(
        new Verdict(
            from,
            "the table is renamed to " + to,
            Passage.stops("rows find no table " + from + " there"),
            Passage.stops("rows find no table " + to + " there")));
  }

  private void statement(Statement statement) {
    switch (statement) {
      case Statement.AlterTable alter ->
          alter.clauses().stream()
              .filter(AlterClause.RenameTable.class::isInstance)
              .map(AlterClause.RenameTable.class::cast)
              .forEach(clause -> renamed(alter.table(), clause.to()));
      case Statement.RenameTable rename -> renamed(rename.from(), rename.to());
      case Statement.CreateTrigger trigger ->
          verdicts.add(
              new Verdict(
                  trigger.table(),
                  "trigger " + trigger.trigger() + " is new",
                  Passage.free("it does not act on rows that arrive"),
                  Passage.FREE));
      case Statement.DropTrigger trigger ->
          verdicts.add(Verdict.harmless(trigger.trigger(), "the trigger is dropped"));
      case Statement.CreateView view ->
          verdicts.add(Verdict.harmless(view.view(), "the view is defined"));
      case Statement.DropView view ->
          verdicts.add(Verdict.harmless(view.view(), "the view is dropped"));
      case Statement.CreateRoutine routine -> verdicts.add(routine(routine));
      case Statement.DropRoutine routine ->
          verdicts.add(Verdict.harmless(routine.name(), "the routine is dropped"));
      case Statement.Insert data -> verdicts.add(data(data.table()));
      case Statement.Update data -> verdicts.add(data(data.table()));
      case Statement.Delete data -> verdicts.add(data(data.table()));
      case Statement.Other other -> verdicts.add(unknown(other));
      // What becomes of tables is read from their shapes.
      case Statement.CreateTable _, Statement.DropTable _ -> {}
    }
  }

  private static Verdict routine(Statement.CreateRoutine routine) {
    return routine.kind().equals("EVENT")
        ? new Verdict(
            routine.name(),
            "the event is new",
            Passage.corrupts("it would run on both servers, and its writes twice"),
            Passage.FREE)
        : Verdict.harmless(routine.name(), "the routine is defined");
  }

  private static Verdict data(String table) {
    var reason = "the statement would run twice, on rows that differ by then";
    return new Verdict(
        table, "rows are written", Passage.corrupts(reason), Passage.corrupts(reason));
  }

  private static Verdict unknown(Statement.Other other) {
    var reason = "nobody can say what it does on one server only";
    return new Verdict(other.what(), "the statement", Passage.stops(reason), Passage.stops(reason));
  }
}
