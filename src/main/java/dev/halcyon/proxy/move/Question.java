package dev.halcyon.proxy.move;

import java.util.List;
import java.util.SortedSet;

/**
 * What asks a session for its state as far as system variables go. Its text is long, and the same
 * for many sessions.
 *
 * @param names of the variables; is not changed any more
 * @param orders to ask with; {@link Variables#read} takes the answers
 */
record Question(SortedSet<String> names, List<Order> orders) {
  static Question of(SortedSet<String> names) {
    return new Question(names, Variables.orders(names));
  }
}
