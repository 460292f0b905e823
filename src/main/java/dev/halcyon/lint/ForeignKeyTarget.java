package dev.halcyon.lint;

import dev.halcyon.model.Column;
import dev.halcyon.model.ForeignKey;
import dev.halcyon.model.Place;
import dev.halcyon.sql.AlterClause;
import dev.halcyon.sql.ColumnTypes;
import dev.halcyon.sql.Statement;
import dev.halcyon.sql.TableDefinition;
import java.util.List;
import java.util.Optional;

/** A foreign key to columns that are no key, or of another type. */
record ForeignKeyTarget() implements Rule {
  @Override
  public String id() {
    return "H209";
  }

  @Override
  public String title() {
    return "A foreign key to columns that are no key or of another type";
  }

  @Override
  public void statement(StatementLook look) {
    if (look.statement() instanceof Statement.CreateTable create) {
      KnownTable table = Definitions.table(create);
      table.foreignKeys().forEach(key -> check(look, create.place(), table, key));
    } else if (look.statement() instanceof Statement.AlterTable alter) {
      for (AlterClause clause : alter.clauses()) {
        if (clause instanceof AlterClause.AddForeignKey add) {
          TableDefinition.foreignKey(alter.table(), add.text(), add.name())
              .ifPresent(key -> check(look, add.place(), look.table(), key));
        }
      }
    }
  }

  private void check(StatementLook look, Place place, KnownTable child, ForeignKey key) {
    Optional<KnownTable> parent =
        key.referencedTable().equalsIgnoreCase(child.name())
            ? Optional.of(child)
            : look.schema().whole(key.referencedTable());
    if (parent.isEmpty()) {
      if (look.schema().closed() && look.schema().table(key.referencedTable()).isEmpty()) {
        look.error(
            this,
            place,
            "There is no table " + key.referencedTable() + " to refer to.",
            "Create it in a statement before this one.");
      }
      return;
    }
    List<String> columns = key.referencedColumns();
    String target = key.referencedTable() + "(" + String.join(", ", columns) + ")";
    if (!columns.isEmpty() && !parent.get().indexed(columns)) {
      look.error(
          this,
          place,
          "No key of "
              + key.referencedTable()
              + " begins with ("
              + String.join(", ", columns)
              + "): the server refuses the foreign key.",
          "ALTER TABLE "
              + key.referencedTable()
              + " ADD UNIQUE ("
              + String.join(", ", columns)
              + ") in a change before this one.");
      return;
    }
    if (!columns.isEmpty() && !parent.get().unique(columns)) {
      look.warning(
          this,
          place,
          target + " is not unique, which newer servers refuse and tools do not expect.",
          "Refer to the primary key or a unique one.");
    }
    for (int i = 0; i < Math.min(columns.size(), key.columns().size()); i++) {
      types(look, place, child, key.columns().get(i), parent.get(), columns.get(i));
    }
  }

  private void types(
      StatementLook look,
      Place place,
      KnownTable child,
      String childName,
      KnownTable parent,
      String parentName) {
    Optional<Column> one = child.column(childName);
    Optional<Column> other = parent.column(parentName);
    if (one.isEmpty() || other.isEmpty()) {
      return;
    }
    boolean text = isText(one.get()) && isText(other.get());
    if (!text && Types.compare(one.get(), other.get()) != ColumnTypes.Step.SAME) {
      look.error(
          this,
          place,
          child.name()
              + "."
              + childName
              + " is "
              + one.get().type()
              + " and "
              + parent.name()
              + "."
              + parentName
              + " is "
              + other.get().type()
              + ": the server refuses the foreign key with error 3780 or 1005.",
          "Give " + childName + " the type " + other.get().type() + ".");
    }
  }

  /** Of which only the character set must agree. */
  private static boolean isText(Column column) {
    return column.type().contains("char") || column.type().contains("text");
  }
}
