package dev.halcyon.proxy;

/**
 * What of a hold concerns a client's command.
 *
 * @param gathering whether what is fleeting passes yet
 * @param turnsAway whether clients that wait have waited too long
 */
record Gate(boolean held, boolean gathering, boolean turnsAway) {
  static final Gate OPEN = new Gate(false, false, false);

  /** Whether nobody begins anything and nobody new comes in. */
  boolean shut() {
    return held && !gathering;
  }
}
