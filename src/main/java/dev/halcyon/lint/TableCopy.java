package dev.halcyon.lint;

import dev.halcyon.model.Column;
import dev.halcyon.sql.AlterClause;
import dev.halcyon.sql.Statement;

/** A statement that makes the server write the whole table anew. */
record TableCopy() implements Rule {
  @Override
  public String id() {
    return "H201";
  }

  @Override
  public String title() {
    return "A statement that writes a large table anew";
  }

  @Override
  public void statement(StatementLook look) {
    if (look.statement() instanceof Statement.Other other && other.what().startsWith("OPTIMIZE")) {
      look.warning(
          this,
          other.place(),
          "OPTIMIZE TABLE writes the table anew.",
          "halcyon alter 'ALTER TABLE <table> FORCE' does it in the background.");
    }
    for (AlterClause clause : look.clauses()) {
      if (!saidElsewhere(look, clause)) {
        Rebuild.reason(look, clause).ifPresent(reason -> report(look, clause, reason));
      }
    }
  }

  /** By H113, H203 and H204. */
  private static boolean saidElsewhere(StatementLook look, AlterClause clause) {
    return (clause instanceof AlterClause.AddColumn add && isComputed(look, add))
        || (clause instanceof AlterClause.Other other
            && (other.what().endsWith("PRIMARY KEY") || other.what().startsWith("CONVERT")));
  }

  private static boolean isComputed(StatementLook look, AlterClause.AddColumn add) {
    Column column = TableChange.column(look.table(), add.column(), add.definition());
    return column.autoIncrement() || StoredValue.isComputed(look, column);
  }

  private void report(StatementLook look, AlterClause clause, String reason) {
    KnownTable table = look.table();
    boolean known = table.rows() >= 0;
    boolean large = table.rows() > look.target().copyRows();
    if (known && !large) {
      return;
    }
    String what =
        reason
            + ": the server writes "
            + table.name()
            + (known ? " with about " + table.rows() + " rows" : "")
            + " anew";
    if (look.derived() && !(clause instanceof AlterClause.Other) && RebuiltForeignKey.free(look)) {
      look.information(
          this,
          clause.place(),
          what
              + ". Halcyon has it do so while writers go on, or copies a large table in the"
              + " background and swaps.",
          "halcyon plan shows which of them.");
      return;
    }
    String message =
        what + "; meanwhile writers may wait, and replicas fall behind by as long again.";
    String remedy =
        "Small tables may be changed so. For a large one: halcyon alter \"ALTER TABLE "
            + table.name()
            + " …\" copies it in the background and swaps.";
    if (known) {
      look.error(this, clause.place(), message, remedy);
    } else {
      look.warning(this, clause.place(), message, remedy);
    }
  }
}
