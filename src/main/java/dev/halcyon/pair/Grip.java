package dev.halcyon.pair;

import dev.halcyon.model.Engine;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.mysql.Session;
import java.util.function.Consumer;

/**
 * The session in which a controller acts on one server. It holds the pair's lock there, so whoever
 * has lost it cannot act any more, and whoever gets it knows that nothing of another one's is under
 * way. It never reconnects. For one thread.
 */
final class Grip implements AutoCloseable {
  private static final String LOCK = "halcyon_pair";
  private static final int LOCK_SECONDS = 1;

  private final Member member;
  private final Session session;

  private Grip(Member member, Session session) {
    this.member = member;
    this.session = session;
  }

  /**
   * @param former the connection of this controller that was lost, which may still be at work on
   *     the server and is ended; 0 for none
   * @throws dev.halcyon.model.Refusal HAL-601 if another controller is at work; or the server does
   *     not let us in
   */
  static Grip take(Member member, long former) {
    var session = member.open("controller");
    try {
      if (!locked(session)) {
        long holder = holder(session);
        if (former == 0 || holder != former) {
          throw ErrorCode.LEASE_HELD.refuse(
              "Connection " + holder + " of " + member + " works on the pair.",
              "Wait for it, or end it with KILL " + holder + " if it is dead.");
        }
        session.execute("KILL " + former);
        if (!locked(session)) {
          throw ErrorCode.LEASE_HELD.refuse(
              "Connection " + former + " of " + member + ", our own, does not end.", "Try again.");
        }
      }
      return new Grip(member, session);
    } catch (RuntimeException failure) {
      session.close();
      throw failure;
    }
  }

  private static boolean locked(Session session) {
    var row =
        session.first("SELECT GET_LOCK('" + LOCK + "', " + LOCK_SECONDS + ") AS got").orElseThrow();
    return !row.isNull("got") && row.longValue("got") == 1;
  }

  private static long holder(Session session) {
    var row = session.first("SELECT IS_USED_LOCK('" + LOCK + "') AS holder").orElseThrow();
    return row.isNull("holder") ? 0 : row.longValue("holder");
  }

  Member member() {
    return member;
  }

  Session session() {
    return session;
  }

  /**
   * Does work that the other server does not get. On a fenced MySQL super_read_only is taken off
   * meanwhile; read_only, which stops applications, stays.
   */
  void unlogged(Consumer<Session> work) {
    boolean fenced = superFenced();
    try {
      begin(fenced);
      work.accept(session);
    } catch (RuntimeException failure) {
      try {
        restore(fenced);
      } catch (RuntimeException second) {
        failure.addSuppressed(second);
      }
      throw failure;
    }
    restore(fenced);
  }

  /** As {@link #unlogged}, but super_read_only stays off: the server is opened next. */
  void unloggedOpening(Consumer<Session> work) {
    begin(superFenced());
    work.accept(session);
    session.execute("SET SESSION sql_log_bin = 1");
  }

  private boolean superFenced() {
    return session.engine() == Engine.MYSQL
        && session.first("SELECT @@GLOBAL.super_read_only AS s").orElseThrow().isTrue("s");
  }

  private void begin(boolean fenced) {
    session.execute("SET SESSION sql_log_bin = 0");
    if (fenced) {
      session.execute("SET GLOBAL super_read_only = 0");
    }
  }

  private void restore(boolean fenced) {
    session.execute("SET SESSION sql_log_bin = 1");
    // Somebody may have opened the server meanwhile: then it is not to be closed again.
    if (fenced && Fence.closed(session)) {
      Fence.close(session);
    }
  }

  /** Gives up the lock, and with it whatever the session holds. */
  @Override
  public void close() {
    session.close();
  }
}
