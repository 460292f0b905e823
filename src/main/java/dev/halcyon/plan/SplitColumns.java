package dev.halcyon.plan;

import dev.halcyon.model.Column;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Place;
import dev.halcyon.model.TableSchema;
import dev.halcyon.sql.Directive;
import dev.halcyon.sql.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Columns of a table move to a new child table, of which a row has zero or more. */
record SplitColumns(Directive.Split directive) implements Operation {
  @Override
  public Place place() {
    return directive.place();
  }

  @Override
  public List<String> touches() {
    return PairSteps.touches(directive.parent(), directive.columns(), directive.child());
  }

  @Override
  public void derive(Outline outline) {
    Optional<TableSchema> parent = outline.facts().table(directive.parent());
    Optional<TableSchema> child = outline.facts().tableAfter(directive.child());
    Place place = directive.place();
    if (parent.isEmpty() || child.isEmpty()) {
      outline.refuse(
          ErrorCode.DIRECTIVE_NAME,
          place,
          "there is no table " + (parent.isEmpty() ? directive.parent() : directive.child()),
          "the parent is there before, and the file creates the child");
      return;
    }
    if (outline.facts().table(directive.child()).isPresent()) {
      outline.refuse(
          ErrorCode.NOT_SUPPORTED,
          place,
          directive.child() + " is there already, and its rows are not what the columns hold",
          "split into a table that this very file creates");
      return;
    }
    Optional<ParentAndChild> pair =
        new PairReader(outline, place, parent.get(), child.get())
            .read(directive.columns(), directive.childColumns(), directive.by());
    pair.ifPresent(p -> derive(outline, parent.get(), child.get(), p));
  }

  private void derive(Outline outline, TableSchema parent, TableSchema child, ParentAndChild pair) {
    var steps = new PairSteps(outline, pair);
    long rows = parent.rows();
    steps.followParents(rows);
    steps.mirrorParent(Stage.EXPAND_SYNC);
    steps.fill(
        Stage.EXPAND_FILL,
        "fill " + child.name(),
        steps.first().fillChild(child, outline.isMariaDb()),
        rows);
    // Nobody writes the child before expand ends.
    steps.mirrorChild(Stage.EXPAND_FILL);
    steps.verifyParents(
        Stage.VERIFY,
        parent.name() + " equals the first " + child.name(),
        ErrorCode.MISMATCH,
        rows,
        steps.first().faults());
    steps.verifyParents(
        Stage.ROLLBACK_CHECK,
        "no second row in " + child.name(),
        ErrorCode.ROLLBACK_LOSES,
        rows,
        List.of(
            steps
                .first()
                .furtherChildren(
                    "only-here", "further rows of " + child.name() + " exist nowhere else")));
    guardOtherColumns(steps, child, pair);
    for (Column column : pair.columns()) {
      checkDropped(outline, column);
      new DropColumn(directive.place(), parent.name(), column, null).derive(outline);
    }
  }

  /** A rollback must not lose what the new version wrote into columns that only the child has. */
  private static void guardOtherColumns(PairSteps steps, TableSchema child, ParentAndChild pair) {
    var written = new ArrayList<String>();
    for (Column column : child.columns()) {
      String standard = column.defaultValue() == null ? "NULL" : column.defaultValue();
      boolean own =
          !column.equals(pair.childKey())
              && !column.equals(pair.by())
              && !pair.childColumns().contains(column)
              && column.generated() == null;
      if (own && (standard.equals("NULL") || AddColumn.isConstant(standard))) {
        written.add("NOT (c." + Sql.name(column.name()) + " <=> " + standard + ")");
      }
    }
    if (!written.isEmpty()) {
      steps.verifyChildren(
          Stage.ROLLBACK_CHECK,
          "nothing is only in " + child.name(),
          ErrorCode.ROLLBACK_LOSES,
          child,
          new Step.Verify.Fault(
              "only-here",
              String.join(" OR ", written),
              child.name() + " holds a value that exists nowhere else"));
    }
  }

  private void checkDropped(Outline outline, Column column) {
    boolean stays =
        outline
            .facts()
            .tableAfter(directive.parent())
            .flatMap(t -> t.column(column.name()))
            .isPresent();
    if (stays) {
      outline.refuse(
          ErrorCode.DIRECTIVE_NAME,
          directive.place(),
          "the file does not drop " + directive.parent() + "." + column.name() + ", which moves",
          "ALTER TABLE " + directive.parent() + " DROP COLUMN " + column.name());
    }
  }
}
