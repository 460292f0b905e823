package dev.halcyon.proxy.wire;

/** What the server tells of a session's state in an OK packet. */
public sealed interface SessionChange {

  /** A system variable has a new value. */
  record Variable(String name, String value) implements SessionChange {}

  /** Another default schema; empty for none. */
  record Schema(String name) implements SessionChange {}

  /** Whether the state changed at all, user variables and temporary tables included. */
  record State(boolean changed) implements SessionChange {}

  /**
   * What the transaction has done so far, 8 characters or {@code _}.
   *
   * @param flags the eighth is L while LOCK TABLES is in force
   */
  record Transaction(String flags) implements SessionChange {
    public boolean locksTables() {
      return flags.indexOf('L') >= 0;
    }
  }

  /** The statements that would begin the same transaction again. */
  record Characteristics(String statements) implements SessionChange {}

  /** Anything else, by its number on the wire. */
  record Other(int type) implements SessionChange {}
}
