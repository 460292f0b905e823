package dev.halcyon.proxy;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * By which number each client knows its session, and the server the same session. Clients end
 * statements and sessions by them, those of other shards as well. Thread-safe.
 */
final class ConnectionIds {
  /** The server's number by the client's. */
  private final ConcurrentMap<Long, Long> servers = new ConcurrentHashMap<>();

  private volatile boolean differ;

  /** Whether any client may know its session by another number than the server. */
  boolean differ() {
    return differ;
  }

  /** The server's number of the session that a client knows by this one; the same if none does. */
  long servers(long connectionId) {
    return servers.getOrDefault(connectionId, connectionId);
  }

  /**
   * The number that a new client is told: the server's, unless another client knows itself by it;
   * then one from above, since servers count from below. It is the client's until {@link #free}.
   */
  long told(long there) {
    if (servers.putIfAbsent(there, there) == null) {
      return there;
    }
    differ = true;
    long id = Integer.MAX_VALUE;
    while (servers.putIfAbsent(id, there) != null) {
      id--;
    }
    return id;
  }

  /** The session is at a server that numbers it so, from now on. */
  void at(Session session) {
    long there = session.backend().connectionId();
    if (session.connectionId() != there) {
      differ = true;
    }
    servers.put(session.connectionId(), there);
  }

  /** No client knows itself by it any more. */
  void free(long connectionId) {
    servers.remove(connectionId);
  }
}
