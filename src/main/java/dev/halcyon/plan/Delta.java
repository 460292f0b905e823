package dev.halcyon.plan;

import org.jspecify.annotations.Nullable;

/**
 * One element of the schema that a step changes, as the rehearsal saw it. By these a run tells
 * whether a step is already true.
 *
 * @param element {@code table users}, {@code column users.locale}, {@code key users.idx_email},
 *     {@code constraint users.fk_1}, {@code options users}, {@code trigger hal_11_users_bi}, {@code
 *     view v}, {@code routine f}
 * @param before the server's text before the step, null when the element was not there
 * @param after the server's text after the step, null when the element is gone
 */
public record Delta(String element, @Nullable String before, @Nullable String after) {
  public Delta {
    if (before == null ? after == null : before.equals(after)) {
      throw new IllegalArgumentException("nothing changes: " + element);
    }
  }
}
