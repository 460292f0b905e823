package dev.halcyon.lint;

import dev.halcyon.sql.AlterClause;
import dev.halcyon.sql.Script;
import dev.halcyon.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What changes do to the names that queries rely on, one change after the other. */
public final class PendingReader {
  private final List<Pending.Going> going = new ArrayList<>();
  private final List<Pending.Reshaped> reshaped = new ArrayList<>();
  private String version = "";

  private PendingReader() {}

  /**
   * @param scripts by rising version
   */
  public static Pending read(List<Script> scripts) {
    var reader = new PendingReader();
    for (Script script : scripts) {
      reader.version = script.version().toString();
      Stream<Statement> statements =
          switch (script.form()) {
            case Script.Form.EndState f -> f.statements().stream();
            case Script.Form.AsWritten f ->
                Stream.concat(f.expand().stream(), f.contract().stream());
          };
      statements.forEach(reader::read);
    }
    return new Pending(reader.going, reader.reshaped);
  }

  private void read(Statement statement) {
    switch (statement) {
      case Statement.AlterTable s -> s.clauses().forEach(c -> read(s.table(), c));
      case Statement.DropTable s -> s.tables().forEach(t -> goes(t, ""));
      case Statement.RenameTable s -> {
        goes(s.from(), "");
        comes(s.to(), "");
      }
      case Statement.CreateTable s -> comes(s.table(), "");
      case Statement.CreateView s -> comes(s.view(), "");
      case Statement.DropView s -> goes(s.view(), "");
      case Statement.CreateTrigger _,
          Statement.DropTrigger _,
          Statement.CreateRoutine _,
          Statement.DropRoutine _,
          Statement.Insert _,
          Statement.Update _,
          Statement.Delete _,
          Statement.Other _ -> {}
    }
  }

  private void read(String table, AlterClause clause) {
    switch (clause) {
      case AlterClause.AddColumn c -> {
        comes(table, c.column());
        reshapes(table);
      }
      case AlterClause.DropColumn c -> {
        goes(table, c.column());
        reshapes(table);
      }
      case AlterClause.RenameColumn c -> renamed(table, c.from(), c.to());
      case AlterClause.ChangeColumn c -> renamed(table, c.from(), c.to());
      case AlterClause.RenameTable c -> {
        goes(table, "");
        comes(c.to(), "");
      }
      case AlterClause.ModifyColumn _,
          AlterClause.SetDefault _,
          AlterClause.DropDefault _,
          AlterClause.AddIndex _,
          AlterClause.DropIndex _,
          AlterClause.RenameIndex _,
          AlterClause.SetIndexVisible _,
          AlterClause.AddForeignKey _,
          AlterClause.DropForeignKey _,
          AlterClause.AddCheck _,
          AlterClause.DropConstraint _,
          AlterClause.Other _ -> {}
    }
  }

  private void renamed(String table, String from, String to) {
    if (!from.equalsIgnoreCase(to)) {
      goes(table, from);
      comes(table, to);
      reshapes(table);
    }
  }

  private void goes(String table, String column) {
    going.add(new Pending.Going(table, column, version));
  }

  private void comes(String table, String column) {
    going.removeIf(g -> g.table().equalsIgnoreCase(table) && g.column().equalsIgnoreCase(column));
  }

  private void reshapes(String table) {
    reshaped.removeIf(r -> r.table().equalsIgnoreCase(table));
    reshaped.add(new Pending.Reshaped(table, version));
  }
}
