package dev.halcyon.plan;

import dev.halcyon.model.Phase;
import dev.halcyon.model.Version;
import java.util.List;

/**
 * Everything that a change will do, in order. A value: made once, stored with its checksum when
 * expand begins, and executed as stored from then on.
 *
 * @param fileChecksum of the change file that it was made from
 * @param touches {@code table.column} or {@code table}; two open windows must not share one
 * @param notes what a reader should know: estimates, what cannot be undone, rules that apply
 */
public record Plan(
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
  public Plan {
    expand = List.copyOf(expand);
    verify = List.copyOf(verify);
    contract = List.copyOf(contract);
    rollback = List.copyOf(rollback);
    touches = List.copyOf(touches);
    notes = List.copyOf(notes);
  }

  public List<Step> steps(Phase phase) {
    return switch (phase) {
      case EXPAND -> expand;
      case VERIFY -> verify;
      case CONTRACT -> contract;
      case ROLLBACK -> rollback;
    };
  }
}
