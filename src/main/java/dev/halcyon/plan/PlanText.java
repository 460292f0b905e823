package dev.halcyon.plan;

import dev.halcyon.model.Phase;
import dev.halcyon.progress.Figures;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A plan for people: each step with its SQL, its lock and how it is undone. */
public final class PlanText {
  private PlanText() {}

  /**
   * @param tables the tables whose sizes are known, by name
   */
  public static String of(Plan plan, Map<String, TableSize> tables) {
    var steps = StepSummary.of(plan, tables);
    var text = new StringBuilder();
    text.append(plan.version()).append(' ').append(plan.description()).append('\n');
    for (Phase phase : Phase.values()) {
      var ofPhase = steps.stream().filter(step -> step.phase() == phase).toList();
      if (!ofPhase.isEmpty()) {
        text.append('\n').append(phase.label()).append(meaning(phase)).append('\n');
        ofPhase.forEach(step -> append(text, step));
      }
    }
    if (!plan.notes().isEmpty()) {
      text.append("\nnotes\n");
      plan.notes().forEach(note -> text.append("  - ").append(note).append('\n'));
    }
    return text.toString();
  }

  private static String meaning(Phase phase) {
    return switch (phase) {
      case EXPAND -> ": before the new application runs";
      case VERIFY -> ": as often as you like while both run";
      case CONTRACT -> ": after the old application is gone";
      case ROLLBACK -> ": instead of contract, if the change is given up";
    };
  }

  private static void append(StringBuilder text, StepSummary step) {
    text.append("  ").append(step.id()).append("  ").append(step.title()).append('\n');
    for (String statement : step.statements()) {
      text.append("      ").append(indented(statement)).append(";\n");
    }
    text.append("      ").append(facts(step)).append('\n');
  }

  private static String facts(StepSummary step) {
    return Stream.of(
            step.algorithm(),
            step.lock() + " (" + step.time() + ")",
            step.rows() > 0 ? "about " + Figures.count(step.rows(), "row") : "",
            "undo: " + step.undo())
        .filter(fact -> !fact.isEmpty())
        .collect(Collectors.joining("; ", "-- ", ""));
  }

  private static String indented(String statement) {
    return List.of(statement.strip().split("\n", -1)).stream()
        .collect(Collectors.joining("\n      "));
  }
}
