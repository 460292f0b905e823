package dev.halcyon.lint;

import dev.halcyon.sql.AlterClause;

/** A place among the columns that costs what would else be instant. */
record ColumnPosition() implements Rule {
  @Override
  public String id() {
    return "H212";
  }

  @Override
  public String title() {
    return "FIRST or AFTER where it makes the server write the table anew";
  }

  @Override
  public void statement(StatementLook look) {
    Target target = look.target();
    if (!target.isMySql()) {
      return;
    }
    for (AlterClause clause : look.clauses()) {
      if (look.change().accepted().of(clause).filter(Accepted.Way.INSTANT::equals).isPresent()) {
        continue;
      }
      if (clause instanceof AlterClause.AddColumn add
          && !add.position().isEmpty()
          && target.version() != null
          && !target.atLeast(8, 0, 29)) {
        look.warning(
            this,
            add.place(),
            target.label()
                + " adds a column at the end in a moment, but "
                + add.position()
                + " makes it write the table anew; 8.0.29 and later do not mind.",
            "Leave " + add.position() + " out.");
      } else if (clause instanceof AlterClause.ModifyColumn modify
          && !modify.position().isEmpty()) {
        look.warning(
            this,
            modify.place(),
            "To move "
                + modify.column()
                + " "
                + modify.position()
                + " MySQL writes the table anew; no query should depend on the order.",
            "Leave " + modify.position() + " out.");
      }
    }
  }
}
