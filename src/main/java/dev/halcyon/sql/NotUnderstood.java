package dev.halcyon.sql;

/** A statement of a known kind goes on in a way that its reader does not know. */
final class NotUnderstood extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param near the token at which reading stopped, or the words for the end
   */
  NotUnderstood(String near) {
    super(near, null, false, false);
  }
}
