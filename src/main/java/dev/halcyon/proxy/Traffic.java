package dev.halcyon.proxy;

import java.time.Duration;
import java.util.List;

/**
 * What a switchover needs of whatever stands before the servers. The only thing that the two know
 * of each other. Thread-safe.
 */
public interface Traffic {
  /**
   * Lets no session begin a command once it is at a boundary, and no new session in. Whoever holds
   * must renew the lease, or the proxy's {@link LeaseEnd} decides.
   *
   * @param lease how long the hold lasts at least
   * @throws IllegalStateException if it is held already
   */
  void hold(Duration lease);

  /**
   * The lease begins anew.
   *
   * @throws IllegalStateException if nothing is held, because the lease ended before
   */
  void renew(Duration lease);

  /** Lets all go on; nothing if nothing is held. */
  void release();

  Status status();

  /**
   * Waits until the hold is drained.
   *
   * @return whether it is; not so if the patience or the hold ended first
   */
  boolean awaitDrained(Duration patience) throws InterruptedException;

  /**
   * What to do when the lease has ended without a word of its holder. May take its time, and may
   * repoint before it lets go.
   */
  interface LeaseEnd {
    Decision decide(Traffic held);
  }

  /** The answer of {@link LeaseEnd}. */
  enum Decision {
    /** The server in use is safe to write to. */
    RELEASE,
    /** It is not, or nobody knows; asked again after as long. */
    KEEP_HOLDING
  }

  /**
   * @param entering sessions that a server is logging in at this moment
   * @param waiting new sessions that wait to be let in
   */
  record Status(boolean held, int entering, int waiting, List<SessionStatus> sessions) {

    public Status {
      sessions = List.copyOf(sessions);
    }

    /**
     * Whether the server has nothing more to do for anybody; once so, it stays so until release.
     */
    public boolean drained() {
      return held && entering == 0 && stragglers().isEmpty();
    }

    /** The sessions that are not at a boundary. */
    public List<SessionStatus> stragglers() {
      return sessions.stream().filter(session -> !session.boundary().reached()).toList();
    }
  }

  /**
   * @param connectionId as the client knows it
   * @param parked whether a command of the client waits
   */
  record SessionStatus(
      long connectionId, String client, String user, Boundary boundary, boolean parked) {}
}
