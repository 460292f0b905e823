package dev.halcyon.proxy;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/**
 * Whether a session is at a safe boundary.
 *
 * @param hindrances none if it is
 * @param inCommand for how long its present command has been under way; zero without one
 * @param inTransaction for how long its transaction has been open; zero without one
 */
public record Boundary(Set<Hindrance> hindrances, Duration inCommand, Duration inTransaction) {

  public Boundary {
    hindrances = hindrances.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(hindrances));
  }

  public boolean reached() {
    return hindrances.isEmpty();
  }
}
