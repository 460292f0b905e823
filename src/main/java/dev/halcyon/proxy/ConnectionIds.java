package dev.halcyon.proxy;

import java.util.Collection;

/**
 * By which number each client knows its session, and the server the same session. Clients end
 * statements and sessions by them. On the event loop only.
 */
final class ConnectionIds {
  private final Collection<Session> sessions;
  private final Collection<Arrival> arrivals;
  private final Collection<UserChange> changes;
  private boolean differ;

  /** Servers count from below. */
  private long next = Integer.MAX_VALUE;

  ConnectionIds(
      Collection<Session> sessions, Collection<Arrival> arrivals, Collection<UserChange> changes) {
    this.sessions = sessions;
    this.arrivals = arrivals;
    this.changes = changes;
  }

  /** Sessions are moved, or have been. */
  void moved() {
    differ = true;
  }

  void joined(Session session) {
    differ |= session.connectionId() != session.backend().connectionId();
  }

  /** Whether any client may know its session by another number than the server. */
  boolean differ() {
    return differ;
  }

  /** The server's number of the session that a client knows by this one; the same if none does. */
  long servers(long connectionId) {
    for (var session : sessions) {
      if (session.connectionId() == connectionId) {
        return session.backend().connectionId();
      }
    }
    return connectionId;
  }

  /**
   * The number that a new client is told: the server's, unless another client knows itself by it.
   */
  long told(long servers) {
    if (!differ || !isTaken(servers)) {
      return servers;
    }
    while (isTaken(next)) {
      next--;
    }
    return next--;
  }

  private boolean isTaken(long id) {
    return sessions.stream().anyMatch(session -> session.connectionId() == id)
        || arrivals.stream().anyMatch(arrival -> arrival.connectionId() == id)
        || changes.stream().anyMatch(change -> change.connectionId() == id);
  }
}
