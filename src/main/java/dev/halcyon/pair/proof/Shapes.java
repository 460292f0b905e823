package dev.halcyon.pair.proof;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Refusal;
import dev.halcyon.model.ServerFacts;
import dev.halcyon.model.TableSchema;
import dev.halcyon.mysql.Catalog;
import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.Session;
import dev.halcyon.sql.AlterClause;
import dev.halcyon.sql.Sql;
import dev.halcyon.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The tables that a change touches, as they are and as its statements leave them. */
final class Shapes {
  private final Session session;
  private final String schema;
  private final String scratch;

  private Shapes(Session session, String schema) {
    this.session = session;
    this.schema = schema;
    this.scratch = session.schema();
  }

  /**
   * Runs the statements on empty copies in the session's scratch schema; what they leave is
   * dropped.
   *
   * @param schema the real one
   * @throws Refusal HAL-310 with the first statement that the server does not take
   */
  static ServerFacts of(Session session, String schema, List<Statement> statements) {
    return new Shapes(session, schema).facts(statements);
  }

  private ServerFacts facts(List<Statement> statements) {
    var names = new TreeSet<String>(String.CASE_INSENSITIVE_ORDER);
    statements.forEach(statement -> names.addAll(tables(statement)));
    session.execute("SET SESSION foreign_key_checks = 0");
    try {
      var real = Catalog.tables(session, schema, names);
      for (TableSchema table : real.values()) {
        session.execute("DROP TABLE IF EXISTS " + Sql.name(table.name()));
        session.execute(table.showCreate());
      }
      var before = copies(names);
      statements.forEach(this::run);
      var after = copies(names);
      return new ServerFacts(
          session.engine(),
          session.version(),
          scratch,
          before,
          after,
          Map.of(),
          List.of(),
          List.of());
    } finally {
      names.forEach(name -> session.execute("DROP TABLE IF EXISTS " + Sql.name(name)));
      session.execute("SET SESSION foreign_key_checks = 1");
    }
  }

  private Map<String, TableSchema> copies(Set<String> names) {
    return new TreeMap<>(Catalog.tables(session, scratch, names));
  }

  private void run(Statement statement) {
    switch (statement) {
      case Statement.AlterTable _,
          Statement.CreateTable _,
          Statement.DropTable _,
          Statement.RenameTable _ -> {
        try {
          session.execute("SET SESSION sql_mode = @@GLOBAL.sql_mode");
          session.execute(statement.text());
          session.execute("SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO'");
        } catch (Fault.Refused refused) {
          throw Refusal.of(
              ExitStatus.FINDINGS,
              Finding.error(
                  ErrorCode.SERVER_REFUSED.code(),
                  statement.place(),
                  "The server refuses the statement: " + refused.detail().replace(scratch, schema),
                  ""));
        }
      }
      // Views, routines, triggers and rows change no table's shape.
      case Statement.CreateView _,
          Statement.DropView _,
          Statement.CreateTrigger _,
          Statement.DropTrigger _,
          Statement.CreateRoutine _,
          Statement.DropRoutine _,
          Statement.Insert _,
          Statement.Update _,
          Statement.Delete _,
          Statement.Other _ -> {}
    }
  }

  private static List<String> tables(Statement statement) {
    return switch (statement) {
      case Statement.AlterTable alter -> {
        var names = new ArrayList<>(List.of(alter.table()));
        alter.clauses().stream()
            .filter(AlterClause.RenameTable.class::isInstance)
            .map(AlterClause.RenameTable.class::cast)
            .forEach(clause -> names.add(clause.to()));
        yield names;
      }
      case Statement.CreateTable create -> List.of(create.table());
      case Statement.DropTable drop -> drop.tables();
      case Statement.RenameTable rename -> List.of(rename.from(), rename.to());
      case Statement.CreateView _,
          Statement.DropView _,
          Statement.CreateTrigger _,
          Statement.DropTrigger _,
          Statement.CreateRoutine _,
          Statement.DropRoutine _,
          Statement.Insert _,
          Statement.Update _,
          Statement.Delete _,
          Statement.Other _ ->
          List.of();
    };
  }
}
