package dev.halcyon.mysql;

import java.util.List;

/**
 * Says how much room there is. Asked between chunks, possibly by several threads, so it answers
 * from a recent look when asked often. A signal that cannot be read counts as the worst.
 */
@FunctionalInterface
public interface Throttle {
  /** For servers with nothing else to do. */
  Throttle OFF = session -> new Leeway.Full();

  /**
   * @param session of the asking thread, on the server that is worked on
   * @throws Fault when that session fails
   */
  Leeway leeway(Session session);

  /** The least room that one of them gives. */
  static Throttle all(List<? extends Throttle> throttles) {
    var each = List.copyOf(throttles);
    return session -> {
      Leeway least = new Leeway.Full();
      for (var throttle : each) {
        switch (throttle.leeway(session)) {
          case Leeway.None none -> {
            return none;
          }
          case Leeway.Shared shared -> least = shared;
          case Leeway.Full full -> {}
        }
      }
      return least;
    };
  }
}
