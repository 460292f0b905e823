package dev.halcyon.plan;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.TableSchema;
import java.util.ArrayList;
import java.util.List;

/** The steps that a split and its reverse have in common: side table, triggers, verification. */
final class PairSteps {
  private final Outline outline;
  private final ParentAndChild pair;
  private final FirstChild first;
  private final ParentAndChildSync sync;

  PairSteps(Outline outline, ParentAndChild pair) {
    this.outline = outline;
    this.pair = pair;
    this.first = new FirstChild(pair);
    this.sync = new ParentAndChildSync(pair);
  }

  FirstChild first() {
    return first;
  }

  /** The side table, which has its row for every parent before any trigger looks for it. */
  void followParents(long parents) {
    String side = pair.side();
    outline.ddl(Stage.EXPAND_SHAPE, "create side table " + side, side, first.createTable());
    sync.followParent().forEach(t -> create(Stage.EXPAND_SHAPE, t));
    fill(Stage.EXPAND_SHAPE, "fill side table " + side, first.fillSide(), parents);
    outline.ddl(Stage.CONTRACT_SHAPE, "drop side table " + side, side, first.dropTable());
    outline.ddl(Stage.ROLLBACK_SHAPE, "drop side table " + side, side, first.dropTable());
    for (ParentAndChildSync.SyncTrigger trigger : sync.all()) {
      drop(Stage.CONTRACT_UNSYNC, trigger);
      drop(Stage.ROLLBACK_UNSYNC, trigger);
    }
    tellLimits();
  }

  void mirrorParent(Stage stage) {
    create(stage, sync.mirrorParent());
  }

  void mirrorChild(Stage stage) {
    sync.mirrorChild().forEach(t -> create(stage, t));
  }

  private void tellLimits() {
    outline.note(
        "until contract, a statement that writes "
            + pair.child()
            + " and reads "
            + pair.parent()
            + " (INSERT … SELECT, a join, a subquery) fails with 1442: send two statements");
    outline.note(
        "until contract, TRUNCATE of "
            + pair.child()
            + " or "
            + pair.parent()
            + " fires no trigger: use DELETE");
  }

  void fill(Stage stage, String title, List<String> statements, long rows) {
    outline.add(
        stage,
        id ->
            new Step.Backfill(
                id,
                title,
                pair.parent(),
                List.of(pair.parentKey().name()),
                FirstChild.WALKED,
                statements,
                true,
                rows));
  }

  /** Walks the parents, each with its side row as {@code s} and its first child as {@code c}. */
  void verifyParents(
      Stage stage, String title, ErrorCode code, long rows, List<Step.Verify.Fault> faults) {
    outline.add(
        stage,
        id ->
            new Step.Verify(
                id,
                title,
                pair.parent(),
                List.of(pair.parentKey().name()),
                FirstChild.WALKED,
                first.parentsFrom(),
                faults,
                false,
                rows,
                code.code()));
  }

  /** Walks the children under the alias {@code c}. */
  void verifyChildren(
      Stage stage, String title, ErrorCode code, TableSchema child, Step.Verify.Fault fault) {
    outline.add(
        stage,
        id ->
            new Step.Verify(
                id,
                title,
                pair.child(),
                List.of(pair.childKey().name()),
                "c",
                pair.sql("{child} c"),
                List.of(fault),
                false,
                child.rows(),
                code.code()));
  }

  /** {@code parent.column} for each, and the whole child table. */
  static List<String> touches(String parent, List<String> columns, String child) {
    var touches = new ArrayList<String>();
    columns.forEach(c -> touches.add(parent + "." + c));
    touches.add(child);
    return touches;
  }

  private void create(Stage stage, ParentAndChildSync.SyncTrigger trigger) {
    outline.ddl(
        stage,
        "create sync trigger " + trigger.name(),
        trigger.table(),
        trigger.sql(),
        Step.Conditions.LENIENT);
  }

  private void drop(Stage stage, ParentAndChildSync.SyncTrigger trigger) {
    outline.ddl(stage, "drop sync trigger " + trigger.name(), trigger.table(), trigger.dropSql());
  }
}
