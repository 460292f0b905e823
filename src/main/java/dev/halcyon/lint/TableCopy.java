package dev.halcyon.lint;

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
      if (!saidElsewhere(clause)) {
        Rebuild.reason(look, clause).ifPresent(reason -> report(look, clause, reason));
      }
    }
  }

  /** By H113, H203 and H204. */
  private static boolean saidElsewhere(AlterClause clause) {
    return clause instanceof AlterClause.AddColumn
        || (clause instanceof AlterClause.Other other
            && (other.what().endsWith("PRIMARY KEY") || other.what().startsWith("CONVERT")));
  }

  private void report(StatementLook look, AlterClause clause, String reason) {
    KnownTable table = look.table();
    boolean known = table.rows() >= 0;
    boolean large = table.rows() > look.target().copyRows();
    if (known && !large) {
      return;
    }
    String message =
        reason
            + ": the server writes "
            + table.name()
            + (known ? " with about " + table.rows() + " rows" : "")
            + " anew; meanwhile writers may wait, and replicas fall behind by as long again.";
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
