package dev.halcyon.plan;

import dev.halcyon.model.Column;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Place;
import dev.halcyon.model.TableSchema;
import dev.halcyon.sql.AlterClause;
import dev.halcyon.sql.Directive;
import dev.halcyon.sql.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The reverse of a split: what a child table holds moves into columns of its parent, and the child
 * table goes. Only the first child of each parent has a place there, so further ones, and children
 * without a parent, are reported until they are gone.
 *
 * @param added the clauses that add columns to the parent, in the file's order
 */
record MergeColumns(
    Directive.Merge directive, List<AlterClause.AddColumn> added, List<String> droppedViews)
    implements Operation {
  @Override
  public Place place() {
    return directive.place();
  }

  MergeColumns {
    added = List.copyOf(added);
    droppedViews = List.copyOf(droppedViews);
  }

  @Override
  public List<String> touches() {
    return PairSteps.touches(directive.parent(), directive.columns(), directive.child());
  }

  @Override
  public void derive(Outline outline) {
    Optional<TableSchema> before = outline.facts().table(directive.parent());
    Optional<TableSchema> after = outline.facts().tableAfter(directive.parent());
    Optional<TableSchema> child = outline.facts().table(directive.child());
    Place place = directive.place();
    if (before.isEmpty() || after.isEmpty() || child.isEmpty()) {
      outline.refuse(
          ErrorCode.DIRECTIVE_NAME,
          place,
          "there is no table " + (child.isEmpty() ? directive.child() : directive.parent()),
          "check the names of the directive");
      return;
    }
    if (outline.facts().tableAfter(directive.child()).isPresent()) {
      outline.refuse(
          ErrorCode.DIRECTIVE_NAME,
          place,
          "the file does not drop " + directive.child() + ", whose columns move",
          "DROP TABLE " + directive.child());
      return;
    }
    Optional<ParentAndChild> pair =
        new PairReader(outline, place, after.get(), child.get())
            .read(directive.columns(), directive.childColumns(), directive.by());
    pair.ifPresent(p -> derive(outline, before.get(), child.get(), p));
  }

  private void derive(Outline outline, TableSchema parent, TableSchema child, ParentAndChild pair) {
    boolean whole = isWholeChild(outline, child, pair);
    boolean fresh = areNew(outline, parent, pair);
    if (!whole || !fresh) {
      return;
    }
    addColumns(outline, pair);
    var steps = new PairSteps(outline, pair);
    long rows = parent.rows();
    steps.followParents(rows);
    steps.mirrorChild(Stage.EXPAND_SYNC);
    steps.mirrorParent(Stage.EXPAND_SYNC);
    steps.fill(
        Stage.EXPAND_FILL,
        "fill " + parent.name() + " from " + child.name(),
        steps.first().fillParent(parent),
        rows);
    var faults = new ArrayList<>(steps.first().faults());
    faults.add(
        steps
            .first()
            .furtherChildren(
                "more-than-one",
                "further rows of " + child.name() + " have no place in " + parent.name()));
    steps.verifyParents(
        Stage.VERIFY,
        parent.name() + " equals the only " + child.name(),
        ErrorCode.MISMATCH,
        rows,
        faults);
    if (pair.by().nullable() || !pair.cascades()) {
      steps.verifyChildren(
          Stage.VERIFY,
          "every " + child.name() + " has its " + parent.name(),
          ErrorCode.MISMATCH,
          child,
          new Step.Verify.Fault(
              "orphan",
              pair.sql("NOT EXISTS (SELECT 1 FROM {parent} p WHERE p.{key} = c.{by})"),
              "a row of " + child.name() + " without " + parent.name() + " would be lost"));
    }
    new DropTable(directive.place(), child.name(), droppedViews).derive(outline);
  }

  private void addColumns(Outline outline, ParentAndChild pair) {
    String table = pair.parent();
    for (AlterClause.AddColumn clause : added) {
      for (Column column : pair.columns()) {
        if (column.name().equalsIgnoreCase(clause.column())) {
          String label = table + "." + column.name();
          String name = Sql.name(column.name());
          String position = clause.position().isEmpty() ? "" : " " + clause.position();
          outline.alter(
              Stage.EXPAND_SHAPE,
              "add column " + label,
              table,
              "ADD COLUMN " + name + " " + column.definition() + position);
          outline.alter(Stage.ROLLBACK_SHAPE, "drop column " + label, table, "DROP COLUMN " + name);
        }
      }
    }
  }

  /** Nothing may be dropped that was not copied. */
  private boolean isWholeChild(Outline outline, TableSchema child, ParentAndChild pair) {
    List<String> left =
        child.columns().stream()
            .filter(c -> !c.equals(pair.childKey()) && !c.equals(pair.by()))
            .filter(c -> !pair.childColumns().contains(c) && c.generated() == null)
            .map(Column::name)
            .toList();
    if (!left.isEmpty()) {
      outline.refuse(
          ErrorCode.MAPPING_MISSING,
          directive.place(),
          "the directive does not say what becomes of "
              + child.name()
              + "("
              + String.join(", ", left)
              + "), which would be dropped uncopied",
          "name them in the directive, or drop them in a change before");
    }
    return left.isEmpty();
  }

  private boolean areNew(Outline outline, TableSchema parent, ParentAndChild pair) {
    List<String> old =
        pair.columns().stream()
            .map(Column::name)
            .filter(
                n ->
                    parent.column(n).isPresent()
                        || added.stream().noneMatch(a -> a.column().equalsIgnoreCase(n)))
            .toList();
    if (!old.isEmpty()) {
      outline.refuse(
          ErrorCode.NOT_SUPPORTED,
          directive.place(),
          parent.name()
              + "("
              + String.join(", ", old)
              + ") is not added by this file, and what it holds would be overwritten",
          "merge into columns that this very file adds");
    }
    return old.isEmpty();
  }
}
