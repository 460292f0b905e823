package dev.halcyon.lint;

import dev.halcyon.sql.Statement;

/** TRUNCATE. */
record Truncation() implements Rule {
  @Override
  public String id() {
    return "H305";
  }

  @Override
  public String title() {
    return "TRUNCATE";
  }

  @Override
  public void statement(StatementLook look) {
    if (look.statement() instanceof Statement.Other other && other.what().startsWith("TRUNCATE")) {
      look.error(
          this,
          other.place(),
          "TRUNCATE takes every row at once, cannot be rolled back, and takes a lock that everybody"
              + " waits for.",
          "DELETE FROM the table: Halcyon does it in chunks, in contract.");
    }
  }
}
