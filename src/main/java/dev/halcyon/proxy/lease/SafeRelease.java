package dev.halcyon.proxy.lease;

import dev.halcyon.proxy.Traffic;
import dev.halcyon.proxy.Traffic.Decision;
import dev.halcyon.proxy.Traffic.Immovable;
import dev.halcyon.proxy.Traffic.LeaseEnd;
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
  private volatile String reason = "";

  public SafeRelease(ServerSights sights) {
    this.sights = sights;
  }

  /** Why clients are still held, as it was decided last; empty if they are not. */
  public String reason() {
    return reason;
  }

  @Override
  public Decision decide(Traffic held) {
    try {
      var status = held.status();
      String current = status.server();
      return switch (SafeSide.of(current, status.heldFor(), sights.look(current))) {
        case Release(String server) when server.equals(current) -> {
          log.warn("Clients go on at {}, the only server that is writable", server);
          yield decided(Decision.RELEASE, "");
        }
        case Release(String server) -> lead(held, server);
        case Keep(String why) -> {
          log.warn("Clients stay held: {}", why);
          yield decided(Decision.KEEP_HOLDING, why);
        }
      };
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
      return decided(Decision.KEEP_HOLDING, "the proxy is ending");
    }
  }

  private Decision lead(Traffic held, String server) throws InterruptedException {
    if (!held.closeStragglers(MOVE_LIMIT)) {
      return decided(
          Decision.KEEP_HOLDING, server + " is writable, but the old server still works");
    }
    var moves = held.repoint(server, Immovable.CLOSE, MOVE_LIMIT);
    if (!moves.complete()) {
      log.warn("Clients stay held: the sessions do not open at {}: {}", server, moves.exceptions());
      return decided(
          Decision.KEEP_HOLDING, server + " is writable, but the sessions do not open there");
    }
    log.warn(
        "Clients go on at {}, the only server that is writable; {} of {} sessions were closed",
        server,
        moves.exceptions().size(),
        moves.sessions().size());
    return decided(Decision.RELEASE, "");
  }

  private Decision decided(Decision decision, String why) {
    reason = why;
    return decision;
  }
}
