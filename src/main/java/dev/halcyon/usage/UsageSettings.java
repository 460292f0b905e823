package dev.halcyon.usage;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who watches, and how long.
 *
 * @param server whether the server's own record is looked at
 * @param others who else is asked; each sees all statements or says that it does not
 * @param gate how long what contract takes away must not have been used where the change itself
 *     does not say; null for no such gate
 */
public record UsageSettings(boolean server, List<Source> others, @Nullable Duration gate) {
  public static final UsageSettings DEFAULT = new UsageSettings(true, List.of(), null);

  /** The same with further sources. */
  public UsageSettings and(List<Source> further) {
    var all = new ArrayList<>(others);
    all.addAll(further);
    return new UsageSettings(server, all, gate);
  }

  public UsageSettings {
    others = List.copyOf(others);
    if (!server && others.isEmpty()) {
      throw new IllegalArgumentException("nobody watches");
    }
  }
}
