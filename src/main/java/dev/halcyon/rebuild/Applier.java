package dev.halcyon.rebuild;

import dev.halcyon.mysql.Session;
import java.util.Map;

/** Brings captured changes into the other table. Applying one again does no harm. */
sealed interface Applier permits ForwardApplier, BackwardApplier {
  /**
   * Applies in the session's transaction.
   *
   * @param entries the last that is known of each key
   * @param state how far the work is
   * @return the state with what this tells of it
   */
  RebuildState apply(Session session, Map<String, Backlog.Entry> entries, RebuildState state);
}
