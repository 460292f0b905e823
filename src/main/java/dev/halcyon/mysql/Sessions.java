package dev.halcyon.mysql;

/** Opens sessions: {@code server::open}, or a lease that remembers what it opened. */
@FunctionalInterface
public interface Sessions {
  /**
   * @param purpose a word or two for the server's administrator
   */
  Session open(String purpose);

  /** Closes a session that was opened here. */
  default void close(Session opened) {
    opened.close();
  }
}
