package dev.halcyon.lint;

import dev.halcyon.model.Column;
import dev.halcyon.sql.AlterClause;
import java.util.Locale;

/** A new column whose values the server must compute and write for every row. */
record StoredValue() implements Rule {
  @Override
  public String id() {
    return "H204";
  }

  @Override
  public String title() {
    return "A new column whose value is computed for every row";
  }

  @Override
  public void statement(StatementLook look) {
    for (AlterClause clause : look.clauses()) {
      if (clause instanceof AlterClause.AddColumn add) {
        check(look, add);
      }
    }
  }

  static boolean isStored(Column column) {
    String generated = column.generated();
    String upper = generated == null ? "" : generated.toUpperCase(Locale.ROOT);
    return upper.endsWith("STORED") || upper.endsWith("PERSISTENT");
  }

  /** Stored, or with a default that MySQL computes. */
  static boolean isComputed(StatementLook look, Column column) {
    String value = column.defaultValue();
    return isStored(column) || (value != null && value.startsWith("(") && look.target().isMySql());
  }

  private void check(StatementLook look, AlterClause.AddColumn add) {
    Column column = TableChange.column(look.table(), add.column(), add.definition());
    String name = look.table().name() + "." + add.column();
    if (isStored(column)) {
      look.error(
          this,
          add.place(),
          name + " is stored: the server copies the table while writers wait.",
          "Make it VIRTUAL, which is instant and can be indexed; or a plain column with"
              + " -- halcyon: fill "
              + name
              + " = <expression>");
    } else if (isComputed(look, column)) {
      look.error(
          this,
          add.place(),
          name + " has an expression as its default: MySQL copies the table while writers wait.",
          "Add it without the default and let Halcyon fill it: -- halcyon: fill "
              + name
              + " = <expression>");
    }
  }
}
