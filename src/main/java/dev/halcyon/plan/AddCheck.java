package dev.halcyon.plan;

import dev.halcyon.model.Check;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Place;
import dev.halcyon.model.TableSchema;
import dev.halcyon.sql.Expressions;
import dev.halcyon.sql.Sql;
import java.util.List;

/** A new CHECK, in contract, since it refuses writes of the running application. */
record AddCheck(Place place, String table, Check check) implements Operation {

  @Override
  public List<String> touches() {
    return List.of(table + "." + check.name());
  }

  @Override
  public void derive(Outline outline) {
    TableSchema before = outline.before(table);
    boolean ofOldColumns =
        outline.facts().tableAfter(table).orElse(before).columns().stream()
            .filter(c -> before.column(c.name()).isEmpty())
            .noneMatch(c -> Expressions.mentions(check.clause(), c.name()));
    List<Stage> stages =
        ofOldColumns
            ? List.of(Stage.EXPAND_CHECK, Stage.CONTRACT_CHECK)
            : List.of(Stage.CONTRACT_CHECK);
    for (Stage stage : stages) {
      outline.verify(
          stage,
          "every row passes " + check.name(),
          before,
          ErrorCode.DATA_DOES_NOT_FIT,
          place,
          new Step.Verify.Fault(
              "violates", "NOT (" + check.clause() + ")", check.name() + " does not hold"));
    }
    outline.alter(
        Stage.CONTRACT_NAME,
        "add check " + check.name(),
        table,
        "ADD CONSTRAINT "
            + Sql.name(check.name())
            + " CHECK ("
            + check.clause()
            + ")"
            + (check.enforced() ? "" : " NOT ENFORCED"));
  }
}
