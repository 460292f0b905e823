package dev.halcyon.lint;

import dev.halcyon.model.Index;
import dev.halcyon.sql.AlterClause;
import dev.halcyon.sql.TableDefinition;
import java.util.List;

/** A unique key over rows that are there. */
record EarlyUnique() implements Rule {
  @Override
  public String id() {
    return "H108";
  }

  @Override
  public String title() {
    return "A unique key over rows that are there";
  }

  @Override
  public void statement(StatementLook look) {
    for (AlterClause clause : look.clauses()) {
      if (clause instanceof AlterClause.AddIndex add && add.unique()) {
        List<String> columns =
            TableDefinition.index(add.text(), add.name()).map(Index::columns).orElse(List.of());
        report(look, add, String.join(", ", columns));
      }
    }
  }

  private void report(StatementLook look, AlterClause.AddIndex add, String columns) {
    String table = look.table().name();
    if (look.derived()) {
      look.information(
          this,
          add.place(),
          "Rows may have the same "
              + columns
              + ", and the running version may write more of them."
              + " Derived: expand looks for duplicates, contract looks again and adds the key.",
          "");
    } else if (look.expand()) {
      look.error(
          this,
          add.place(),
          "It fails with error 1062 if rows of "
              + table
              + " have the same "
              + columns
              + "; if none have, the running version's writes may.",
          "State the end in one file V<version>__<name>.sql, or move the statement to .contract.sql.");
    } else {
      look.warning(
          this,
          add.place(),
          "It fails with error 1062 if rows of " + table + " have the same " + columns + ".",
          "Look first: SELECT "
              + columns
              + " FROM "
              + table
              + " GROUP BY "
              + columns
              + " HAVING COUNT(*) > 1");
    }
  }
}
