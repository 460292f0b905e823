package dev.halcyon.proxy.lease;

import dev.halcyon.proxy.lease.Sight.Seen;
import dev.halcyon.proxy.lease.Sight.Unseen;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Decides from what is seen of the servers where held clients may go on. A switchover makes a
 * server writable only when the other one is proven not to be, and takes the fence back only before
 * that. So a single writable server is the right one; and the one that clients were on, if it is
 * writable and has not been started since, is so whatever cannot be seen of the others.
 *
 * <p>Not seen is a global read lock, which the server's flags do not show. Clients that are let go
 * under one wait and lose nothing: it ends with the connection that holds it.
 */
public sealed interface SafeSide {
  /** Let them go on there. */
  record Release(String server) implements SafeSide {}

  /**
   * Nobody knows.
   *
   * @param reason for people: a clause without its end
   */
  record Keep(String reason) implements SafeSide {}

  /**
   * @param current the server that clients were on
   * @param held for how long they have been held
   * @param sights of every server, the current one among them
   */
  static SafeSide of(String current, Duration held, Map<String, Sight> sights) {
    var writable = new ArrayList<String>();
    var unseen = new ArrayList<String>();
    sights.forEach(
        (name, sight) -> {
          switch (sight) {
            case Seen seen -> {
              if (!seen.readOnly()) {
                writable.add(name);
              }
            }
            case Unseen(String reason) -> unseen.add(name + " (" + reason + ")");
          }
        });
    if (writable.size() > 1) {
      // Two masters: whoever has not started again is as it was when clients were held.
      if (sights.get(current) instanceof Seen seen
          && !seen.readOnly()
          && seen.uptime().compareTo(held) > 0) {
        return new Release(current);
      }
      return new Keep(String.join(" and ", writable) + " are both writable");
    }
    if (writable.isEmpty()) {
      return new Keep(
          "no server is known to be writable"
              + (unseen.isEmpty() ? "" : "; cannot look at " + String.join(", ", unseen)));
    }
    return single(writable.getFirst(), current, held, sights, unseen);
  }

  private static SafeSide single(
      String name, String current, Duration held, Map<String, Sight> sights, List<String> unseen) {
    if (!(sights.get(name) instanceof Seen seen)) {
      throw new IllegalArgumentException(name + " was not seen");
    }
    boolean neverLeft = name.equals(current) && seen.uptime().compareTo(held) > 0;
    if (!unseen.isEmpty() && !neverLeft) {
      return new Keep(name + " is writable; cannot look at " + String.join(", ", unseen));
    }
    if (seen.behind()) {
      return new Keep(name + " is writable but lacks transactions of " + current);
    }
    return new Release(name);
  }
}
