package dev.halcyon.lint;

import dev.halcyon.model.Column;
import dev.halcyon.model.Place;
import dev.halcyon.sql.AlterClause;
import dev.halcyon.sql.ColumnDefinition;
import dev.halcyon.sql.ColumnTypes;
import dev.halcyon.sql.Statement;
import dev.halcyon.sql.TableDefinition;
import java.util.List;
import java.util.Optional;

/** Values that go over into another column or table, and nothing says how they correspond. */
record MissingMapping() implements Rule {
  @Override
  public String id() {
    return "H601";
  }

  @Override
  public String title() {
    return "Values that move without a mapping";
  }

  @Override
  public void statement(StatementLook look) {
    if (!look.derived()) {
      return;
    }
    for (AlterClause clause : look.clauses()) {
      if (clause instanceof AlterClause.ChangeColumn change
          && !change.from().equalsIgnoreCase(change.to())) {
        changed(look, change);
      } else if (clause instanceof AlterClause.DropColumn drop) {
        dropped(look, drop);
      }
    }
  }

  private void changed(StatementLook look, AlterClause.ChangeColumn change) {
    String table = look.table().name();
    Optional<Column> before = look.table().column(change.from());
    boolean mapped =
        look.change()
            .mapFrom(table, change.from())
            .filter(m -> m.to().equalsIgnoreCase(change.to()))
            .isPresent();
    if (before.isEmpty() || mapped) {
      return;
    }
    Column after = TableChange.column(look.table(), change.to(), change.definition());
    ColumnTypes.Step step = Types.compare(before.get(), after);
    if (step == ColumnTypes.Step.NARROWER || step == ColumnTypes.Step.OTHER) {
      look.error(
          this,
          change.place(),
          table
              + "."
              + change.from()
              + " ("
              + before.get().type()
              + ") goes over into "
              + change.to()
              + " ("
              + after.type()
              + "), and nothing says how values correspond.",
          map(table, change.from(), change.to()));
    }
  }

  private void dropped(StatementLook look, AlterClause.DropColumn drop) {
    String table = look.table().name();
    if (look.change().moves(table, drop.column())
        || look.change().mapFrom(table, drop.column()).isPresent()) {
      return;
    }
    Optional<TableDefinition> child =
        look.change()
            .statements()
            .filter(Statement.CreateTable.class::isInstance)
            .map(Statement.CreateTable.class::cast)
            .map(s -> TableDefinition.read(s.table(), s.text()))
            .filter(t -> has(t.columns(), drop.column()))
            .findFirst();
    if (child.isPresent()) {
      split(look, drop.place(), drop.column(), child.get().table());
      return;
    }
    renamed(look, drop);
  }

  private static boolean has(List<ColumnDefinition> columns, String name) {
    return columns.stream().anyMatch(c -> c.column().name().equalsIgnoreCase(name));
  }

  private void split(StatementLook look, Place place, String column, String child) {
    String table = look.table().name();
    look.error(
        this,
        place,
        table
            + "."
            + column
            + " is dropped in the file that creates "
            + child
            + " with a column of that name, and nothing says that its values move there.",
        "-- halcyon: split " + table + "(" + column + ") -> " + child + " by <key> keep=first");
  }

  /** One column dropped and one of the same type added: most likely a rename. */
  private void renamed(StatementLook look, AlterClause.DropColumn drop) {
    Optional<Column> before = look.table().column(drop.column());
    List<AlterClause.AddColumn> added =
        look.clauses().stream()
            .filter(AlterClause.AddColumn.class::isInstance)
            .map(AlterClause.AddColumn.class::cast)
            .filter(a -> look.change().mapTo(look.table().name(), a.column()).isEmpty())
            .toList();
    if (before.isEmpty() || added.size() != 1) {
      return;
    }
    AlterClause.AddColumn add = added.getFirst();
    Column after = TableChange.column(look.table(), add.column(), add.definition());
    if (Types.compare(before.get(), after) == ColumnTypes.Step.SAME) {
      look.warning(
          this,
          drop.place(),
          drop.column()
              + " is dropped and "
              + add.column()
              + " of the same type added: if it is a rename, its values are lost.",
          "ALTER TABLE "
              + look.table().name()
              + " RENAME COLUMN "
              + drop.column()
              + " TO "
              + add.column());
    }
  }

  private static String map(String table, String from, String to) {
    return "-- halcyon: map "
        + table
        + "."
        + from
        + " -> "
        + to
        + " up=\"<from "
        + from
        + ">\" down=\"<from "
        + to
        + ">\"";
  }
}
