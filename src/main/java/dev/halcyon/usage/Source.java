package dev.halcyon.usage;

import java.time.Instant;

/** Somebody else who records statements: a proxy, a log. */
@FunctionalInterface
public interface Source {
  /**
   * @param now by the server's clock, which all times of the answer go by
   */
  Look look(Instant now);
}
