package dev.halcyon.plan;

import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Phase;
import dev.halcyon.model.Refusal;
import dev.halcyon.model.ServerFacts;
import dev.halcyon.sql.Directive;
import dev.halcyon.sql.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * From a change and the facts of the server to a plan. Pure: the same input gives the same text.
 *
 * <p>In two steps, because only the server can say which algorithm it takes for a derived
 * statement: {@link #draft} derives the steps, the rehearsal runs them in a scratch schema, {@link
 * #finish} puts in what the server said.
 */
public final class Planner {
  private Planner() {}

  /**
   * @throws Refusal with every finding, when the change is not one to carry out
   */
  public static Draft draft(Script script, ServerFacts facts) {
    var outline = new Outline(script.version(), facts);
    List<Operation> operations = new OperationReader(outline).read(script);
    for (Operation operation : operations) {
      Conflicts.refuse(outline, operation);
    }
    operations.forEach(operation -> operation.derive(outline));
    outline.printSyncTriggers();
    addGate(script, outline);
    refuseWhenFound(outline.findings());
    return new Draft(
        script.version(),
        script.description(),
        script.checksum(),
        facts.schema(),
        outline.steps(Phase.EXPAND),
        outline.steps(Phase.VERIFY),
        outline.steps(Phase.CONTRACT),
        outline.steps(Phase.ROLLBACK),
        Stream.concat(
                operations.stream().flatMap(o -> o.touches().stream()),
                outline.redefined().stream())
            .distinct()
            .toList(),
        outline.notes());
  }

  /**
   * @param rehearsed what the server said to each schema statement of the draft
   */
  public static Plan finish(
      Draft draft, List<Rehearsed> rehearsed, ServerFacts facts, Limits limits) {
    var casting = new Casting(rehearsed, facts, limits);
    return new Plan(
        draft.version(),
        draft.description(),
        draft.fileChecksum(),
        draft.schema(),
        casting.cast(draft.expand()),
        draft.verify(),
        casting.cast(draft.contract()),
        casting.cast(draft.rollback()),
        draft.touches(),
        draft.notes());
  }

  private static void addGate(Script script, Outline outline) {
    List<Directive> directives =
        switch (script.form()) {
          case Script.Form.EndState endState -> endState.directives();
          case Script.Form.AsWritten asWritten -> asWritten.directives();
        };
    for (Directive directive : directives) {
      if (directive instanceof Directive.Gate gate) {
        outline.add(
            Stage.CONTRACT_GATE,
            id ->
                new Step.Gate(
                    id,
                    "gate before anything is dropped",
                    gate.unused(),
                    gate.open(),
                    outline.drops()));
      }
    }
  }

  private static void refuseWhenFound(List<Finding> findings) {
    if (findings.stream().anyMatch(Finding::blocks)) {
      throw new Refusal(ExitStatus.FINDINGS, new ArrayList<>(findings));
    }
  }
}
