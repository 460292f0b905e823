package dev.halcyon.plan;

import dev.halcyon.model.Phase;
import java.util.List;
import java.util.Map;

/**
 * A plan as an SQL script for review. It is to be read, not to be fed to a server: what Halcyon
 * adds while it runs (chunks, waiting, checkpoints, gates) stands in comments.
 */
public final class PlanSql {
  private PlanSql() {}

  /**
   * @param tables the tables whose sizes are known, by name
   */
  public static String of(Plan plan, Map<String, TableSize> tables) {
    var steps = StepSummary.of(plan, tables);
    var text = new StringBuilder();
    comment(text, "Plan of " + plan.version() + " " + plan.description());
    comment(text, "schema " + plan.schema() + ", file checksum " + plan.fileChecksum());
    comment(text, "For review. Halcyon runs it; a client that is fed this script would not");
    comment(text, "work in chunks, wait for locks with care, or know where to go on.");
    plan.notes().forEach(note -> comment(text, "note: " + note));
    for (Phase phase : Phase.values()) {
      var ofPhase = steps.stream().filter(step -> step.phase() == phase).toList();
      if (!ofPhase.isEmpty()) {
        text.append('\n');
        comment(text, "==== " + phase.label() + " ====");
        ofPhase.forEach(step -> append(text, step));
      }
    }
    return text.toString();
  }

  private static void append(StringBuilder text, StepSummary step) {
    text.append('\n');
    comment(text, step.id() + ": " + step.title());
    comment(text, step.lock() + " (" + step.time() + "); undo: " + step.undo());
    if (step.kind().equals("backfill")) {
      comment(text, "in chunks by key; (1 = 1) stands for the chunk's condition");
    }
    if (step.kind().equals("verify")) {
      comment(text, "no row may come back");
    }
    for (String statement : step.statements()) {
      append(text, statement.strip().replace("{range}", "(1 = 1)"));
    }
  }

  /** A body with semicolons needs another delimiter, as the servers' own clients have it. */
  private static void append(StringBuilder text, String statement) {
    if (statement.contains(";")) {
      text.append("DELIMITER //\n").append(statement).append("//\nDELIMITER ;\n");
    } else {
      text.append(statement).append(";\n");
    }
  }

  private static void comment(StringBuilder text, String line) {
    for (String part : List.of(line.split("\n", -1))) {
      text.append("-- ").append(part).append('\n');
    }
  }
}
