package dev.halcyon.plan;

import java.util.List;

/**
 * What the server said to one schema statement of a draft.
 *
 * @param id the step's
 * @param part the index of the statement in the step, 0 unless the step is {@link Step.Locked}
 */
public record Rehearsed(String id, int part, Algorithm algorithm, List<Delta> delta) {
  public Rehearsed {
    delta = List.copyOf(delta);
  }
}
