package dev.halcyon.rebuild;

import dev.halcyon.mysql.Session;

/** Captured changes on their way into the other table. */
interface Batch {
  /**
   * Applies in the session's transaction, or under the lock of a cut-over.
   *
   * @param state how far the work is
   * @return the state with what this tells of it
   */
  RebuildState apply(Session session, RebuildState state);

  /** How many were applied. */
  int changes();

  /** They were not applied after all. */
  void giveBack();
}
