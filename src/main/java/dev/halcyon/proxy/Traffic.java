package dev.halcyon.proxy;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a switchover needs of whatever stands before the servers. The only thing that the two know
 * of each other. Thread-safe.
 */
public interface Traffic {
  /**
   * Lets no session begin a command once it is at a boundary, and no new session in. As long as
   * something lasts that must come to its end, it only gathers: what opens no transaction and binds
   * nothing passes, and new sessions are let in. Whoever holds must renew the lease, or the proxy's
   * {@link LeaseEnd} decides.
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
   * Ends the gathering and closes the sessions that are not at a boundary, each at a moment when it
   * has no command under way. A transaction of theirs ends without effect; their clients are told
   * at their next command.
   *
   * @return whether the hold is drained; not so if the patience or the hold ended first
   * @throws IllegalStateException if nothing is held
   */
  boolean closeStragglers(Duration patience) throws InterruptedException;

  /**
   * Does beforehand what a repoint can have done beforehand. Before the hold it opens a session on
   * the server for each client's; whoever comes later has one opened, too. From the hold on each
   * session's state is carried there and compared as soon as the session stands still for good;
   * once drained this waits for it. So a controller calls it before the hold, and may call it again
   * once drained, before the fence, to know for certain that repoint will succeed.
   *
   * @param server its name in the proxy's settings
   * @return per session whether it is ready to be moved; {@link Moves#complete} if all are
   * @throws IllegalArgumentException if no server is so named
   */
  Moves prepare(String server, Duration patience) throws InterruptedException;

  /** Closes what was prepared and not used. */
  void forget();

  /**
   * Leads every session, with its state, to the server, and new sessions as well; they go on there
   * at the release. Until then a repoint back undoes it. Nobody is moved before all have proved to
   * be the same there, those aside that the policy closes.
   *
   * @param server its name in the proxy's settings
   * @return {@link Moves#complete} if clients are led to the server from now on; if not, all is as
   *     it was
   * @throws IllegalArgumentException if no server is so named
   * @throws IllegalStateException if it is not held and drained
   */
  Moves repoint(String server, Immovable policy, Duration patience) throws InterruptedException;

  /** What a repoint does if sessions cannot be moved. */
  enum Immovable {
    /** Moves nobody. */
    GIVE_UP,
    /** Closes them and moves the others. */
    CLOSE
  }

  /**
   * What became of each session.
   *
   * @param complete whether what was asked for has come about
   * @param obstacle what stands against all of them, for people; empty for nothing
   */
  record Moves(boolean complete, List<Move> sessions, String obstacle) {

    public Moves {
      sessions = List.copyOf(sessions);
    }

    /** Nothing stands against all of them. */
    public Moves(boolean complete, List<Move> sessions) {
      this(complete, sessions, "");
    }

    /** Of sessions of two shards, or of two processes. */
    public Moves plus(Moves other) {
      return new Moves(
          complete && other.complete,
          Stream.concat(sessions.stream(), other.sessions.stream()).toList(),
          obstacle.isEmpty() ? other.obstacle : obstacle);
    }

    /** The sessions that stay or were closed, and why. */
    public List<Move> exceptions() {
      return sessions.stream().filter(move -> !move.reason().isEmpty()).toList();
    }
  }

  /**
   * @param connectionId as the client knows it
   * @param reason why it is kept or closed, for people; empty if it is neither
   */
  record Move(long connectionId, String client, String user, Fate fate, String reason) {
    /** It stays after all. */
    Move kept(String why) {
      return new Move(connectionId, client, user, Fate.KEPT, why);
    }
  }

  /** What became of a session. */
  enum Fate {
    /** It can be moved, but was not yet. */
    READY,
    MOVED,
    /** It stays at its server. */
    KEPT,
    CLOSED
  }

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
    /** It is not, or nobody knows; asked again soon. */
    KEEP_HOLDING,
    /** As that, and it has taken too long: whoever waits or comes gets an error meanwhile. */
    TURN_AWAY
  }

  /**
   * @param server the name of the one that clients are led to
   * @param heldFor zero if they are not held
   * @param allHeldFor for how long nobody has begun a command; zero while some pass
   * @param gathering whether they are held in part only: until what lasts has ended, the rest
   *     passes
   * @param leaseOver whether they are held because nobody knows where to let them go
   * @param entering sessions that a server is logging in at this moment
   * @param waiting new sessions that wait to be let in
   */
  record Status(
      String server,
      boolean held,
      Duration heldFor,
      Duration allHeldFor,
      boolean gathering,
      boolean leaseOver,
      int entering,
      int waiting,
      List<SessionStatus> sessions) {

    public Status {
      sessions = List.copyOf(sessions);
    }

    /**
     * Whether the server has nothing more to do for anybody; once so, it stays so until release.
     */
    public boolean drained() {
      return held && !gathering && entering == 0 && stragglers().isEmpty();
    }

    /** The sessions that are not at a boundary. */
    public List<SessionStatus> stragglers() {
      return sessions.stream().filter(session -> !session.boundary().reached()).toList();
    }
  }

  /**
   * @param connectionId as the client knows it
   * @param schema as far as it is known; empty for none
   * @param server the name of the one that it is at
   * @param parked whether a command of the client waits
   */
  record SessionStatus(
      long connectionId,
      String client,
      String user,
      String schema,
      String server,
      Boundary boundary,
      boolean parked) {}
}
