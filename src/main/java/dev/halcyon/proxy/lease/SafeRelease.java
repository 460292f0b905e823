package dev.halcyon.proxy.lease;

import dev.halcyon.proxy.Traffic;
import dev.halcyon.proxy.Traffic.Decision;
import dev.halcyon.proxy.Traffic.Immovable;
import dev.halcyon.proxy.Traffic.LeaseEnd;
import dev.halcyon.proxy.Traffic.Status;
import dev.halcyon.proxy.lease.SafeSide.Keep;
import dev.halcyon.proxy.lease.SafeSide.Release;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets held clients go where it is safe to write, after their holder's lease has ended. Sessions
 * that cannot be moved to the safe server are closed: the one that they are on takes no writes.
 * Thread-safe.
 */
public final class SafeRelease implements LeaseEnd {
  private static final Logger log = LoggerFactory.getLogger(SafeRelease.class);
  private static final Duration MOVE_LIMIT = Duration.ofSeconds(10);

  private final ServerSights sights;
  private final Duration longest;
  private volatile String reason = "";

  /**
   * @param longest clients that have been held for so long, and nobody knows where to let them go,
   *     are told
   */
  public SafeRelease(ServerSights sights, Duration longest) {
    this.sights = sights;
    this.longest = longest;
  }

  /** Why clients are still held, as it was decided last; empty if they are not. */
  public String reason() {
    return reason;
  }

  @Override
  public Decision decide(Traffic held) {
    var status = held.status();
    try {
      String current = status.server();
      return switch (SafeSide.of(current, status.heldFor(), sights.look(current))) {
        case Release(String server) when server.equals(current) -> {
          log.warn("Clients go on at {}, the only server that is writable", server);
          yield release();
        }
        case Release(String server) -> lead(held, server);
        case Keep(String why) -> keep(status, why);
      };
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
      return keep(status, "the proxy is ending");
    }
  }

  private Decision lead(Traffic held, String server) throws InterruptedException {
    if (!held.closeStragglers(MOVE_LIMIT)) {
      return keep(held.status(), server + " is writable, but the old server still works");
    }
    var moves = held.repoint(server, Immovable.CLOSE, MOVE_LIMIT);
    if (!moves.complete()) {
      var why = moves.obstacle().isEmpty() ? "" : ": " + moves.obstacle();
      return keep(held.status(), server + " is writable, but does not take the sessions" + why);
    }
    log.warn(
        "Clients go on at {}, the only server that is writable, {} of {} sessions",
        server,
        moves.sessions().size() - moves.exceptions().size(),
        moves.sessions().size());
    moves
        .exceptions()
        .forEach(
            one ->
                log.warn(
                    "Session {} of {} at {} was closed: {}",
                    one.connectionId(),
                    one.user(),
                    one.client(),
                    one.reason()));
    return release();
  }

  private Decision release() {
    reason = "";
    return Decision.RELEASE;
  }

  private Decision keep(Status status, String why) {
    if (!why.equals(reason)) {
      log.warn("Clients stay held: {}", why);
    }
    reason = why;
    return status.heldFor().compareTo(longest) < 0 ? Decision.KEEP_HOLDING : Decision.TURN_AWAY;
  }
}
