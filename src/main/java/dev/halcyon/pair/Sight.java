package dev.halcyon.pair;

/** What a controller knows of one server's fence. */
public enum Sight {
  /** Applications may write. */
  OPEN,
  /** Proven: the server has said so itself. */
  CLOSED,
  /** It does not answer. */
  UNSEEN
}
