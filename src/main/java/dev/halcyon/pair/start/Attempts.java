package dev.halcyon.pair.start;

import dev.halcyon.mysql.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Statements of which one may need another one first: a view a view, an account a role. */
final class Attempts {
  private Attempts() {}

  /**
   * Runs all, in their order; what the server refuses is tried again after the others.
   *
   * @throws Fault.Refused the first of a round in which nothing went well
   */
  static <T> void all(List<T> work, Consumer<T> run) {
    var left = work;
    while (!left.isEmpty()) {
      var refused = new ArrayList<T>();
      var faults = new ArrayList<Fault.Refused>();
      for (T one : left) {
        try {
          run.accept(one);
        } catch (Fault.Refused fault) {
          refused.add(one);
          faults.add(fault);
        }
      }
      if (refused.size() == left.size()) {
        throw faults.getFirst();
      }
      left = refused;
    }
  }
}
