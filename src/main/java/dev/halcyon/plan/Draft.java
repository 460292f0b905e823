package dev.halcyon.plan;

import dev.halcyon.model.Version;
import java.util.List;

/**
 * A plan before rehearsal: the derived steps, whose schema statements carry neither algorithm nor
 * delta yet. Rehearsal runs the drafts in the scratch schema in the order expand, contract, and
 * tells for each schema statement what the server accepts and changes.
 */
public record Draft(
    Version version,
    String description,
    String fileChecksum,
    String schema,
    List<Step> expand,
    List<Step> verify,
    List<Step> contract,
    List<Step> rollback,
    List<String> touches,
    List<String> notes) {
  public Draft {
    expand = List.copyOf(expand);
    verify = List.copyOf(verify);
    contract = List.copyOf(contract);
    rollback = List.copyOf(rollback);
    touches = List.copyOf(touches);
    notes = List.copyOf(notes);
  }
}
