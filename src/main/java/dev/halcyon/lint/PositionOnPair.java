package dev.halcyon.lint;

import dev.halcyon.model.Column;
import dev.halcyon.sql.AlterClause;
import dev.halcyon.sql.ColumnTypes;
import java.util.Optional;

/** What rows of the active server no longer fit when the passive one is changed first. */
record PositionOnPair() implements Rule {
  @Override
  public String id() {
    return "H404";
  }

  @Override
  public String title() {
    return "A shape that rows from the other server of a pair do not fit";
  }

  @Override
  public void statement(StatementLook look) {
    for (AlterClause clause : look.clauses()) {
      if (clause instanceof AlterClause.AddColumn add && !add.position().isEmpty()) {
        look.information(
            this,
            add.place(),
            "Row changes in the binary log go by the columns' order. If the passive server of a pair"
                + " has "
                + add.column()
                + " "
                + add.position()
                + " and the active one has not, values land in the wrong columns or replication"
                + " stops.",
            "On a pair leave " + add.position() + " out.");
      } else if (clause instanceof AlterClause.ModifyColumn modify && !look.derived()) {
        Optional<Column> before = look.table().column(modify.column());
        Column after = TableChange.column(look.table(), modify.column(), modify.definition());
        boolean other =
            before.isPresent()
                && Types.compare(before.get(), after) == ColumnTypes.Step.OTHER
                && !Types.isList(after);
        if (other) {
          look.information(
              this,
              modify.place(),
              "If the passive server of a pair has "
                  + modify.column()
                  + " as "
                  + after.type()
                  + " and the active one as "
                  + before.get().type()
                  + ", replication stops with error 1677.",
              "On a pair only widen types.");
        }
      }
    }
  }
}
