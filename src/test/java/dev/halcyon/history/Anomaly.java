package dev.halcyon.history;

/**
 * Something that cannot be if transactions had run one after the other.
 *
 * @param words what was seen, for people
 */
record Anomaly(Kind kind, String words) {

  /**
   * After Adya's thesis and the Elle paper (Kingsbury, Alvaro: Elle, VLDB 2020), where they name
   * it.
   */
  enum Kind {
    /** A list has a value that nobody has appended. */
    UNHEARD_OF,
    /** A list has a value twice. */
    TWICE,
    /** G1a: a value of a transaction that was rolled back. */
    ABORTED_READ,
    /** G1b: a value that its transaction has followed by another one in that list. */
    INTERMEDIATE_READ,
    /** An acknowledged value is not in the list at the end. */
    LOST_WRITE,
    /** Two readers saw values in different orders, so one write has undone another. */
    LOST_UPDATE,
    /** A transaction saw a list change that it did not change itself, or not its own change. */
    NON_REPEATABLE_READ,
    /** A value that had been acknowledged before the reader began was not there. */
    STALE_READ,
    /** G0, G1c: a circle of writes after writes and reads of what was written. */
    WRITE_CYCLE,
    /** G2: a circle with a read of what somebody else has overwritten. */
    READ_CYCLE
  }

  @Override
  public String toString() {
    return kind + ": " + words;
  }
}
