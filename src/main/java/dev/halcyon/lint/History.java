package dev.halcyon.lint;

import dev.halcyon.model.Version;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What version control knows of the change files.
 *
 * @param changed the files that were there and have another text now
 * @param added the files that were not there
 * @param highest version of those that were there, or null if there were none
 */
public record History(Set<String> changed, Set<String> added, @Nullable Version highest) {
  public static final History NONE = new History(Set.of(), Set.of(), null);

  public History {
    changed = Set.copyOf(changed);
    added = Set.copyOf(added);
  }
}
