package dev.halcyon.proxy;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/**
 * Whether a session is at a safe boundary.
 *
 * @param hindrances none if it is
 * @param inTransaction for how long its transaction has been open; zero without one
 */
public record Boundary(Set<Hindrance> hindrances, Duration inTransaction) {

  public Boundary {
    hindrances = hindrances.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(hindrances));
  }

  public boolean reached() {
    return hindrances.isEmpty();
  }
}
