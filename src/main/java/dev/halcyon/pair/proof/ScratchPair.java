package dev.halcyon.pair.proof;

import dev.halcyon.model.Engine;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.mysql.Scratch;
import dev.halcyon.mysql.Server;
import dev.halcyon.mysql.Session;

/**
 * One scratch schema on both servers, unlogged, gone at close; what a run leaves that dies is
 * removed by the next one. On MySQL super_read_only of the passive server is off meanwhile;
 * read_only stays. For one thread.
 */
public final class ScratchPair implements AutoCloseable {
  private final Session active;
  private final Session passive;
  private final boolean sealed;
  private final Scratch here;
  private final Scratch there;

  private ScratchPair(
      Session active, Session passive, boolean sealed, Scratch here, Scratch there) {
    this.active = active;
    this.passive = passive;
    this.sealed = sealed;
    this.here = here;
    this.there = there;
  }

  /**
   * @throws dev.halcyon.model.Refusal HAL-116 when the account may not make schemas or not leave
   *     them out of the binary log
   */
  public static ScratchPair open(Server active, Server passive) {
    Session one = active.open("pair proof");
    Session other;
    try {
      other = passive.open("pair proof");
    } catch (RuntimeException failure) {
      one.close();
      throw failure;
    }
    boolean sealed = false;
    try {
      sealed = unseal(other);
      prepare(one);
      prepare(other);
      var here = Scratch.open(one, active.schema());
      refuseLogged(here);
      var there = beside(here, other, passive.schema());
      return new ScratchPair(one, other, sealed, here, there);
    } catch (RuntimeException failure) {
      seal(other, sealed);
      one.close();
      other.close();
      throw failure;
    }
  }

  /** Rows are read without locks, and written as they are, whatever their dates. */
  private static void prepare(Session session) {
    session.execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
    session.execute("SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO'");
  }

  private static Scratch beside(Scratch here, Session other, String schema) {
    try {
      var there = here.beside(other, schema);
      refuseLogged(there);
      return there;
    } catch (RuntimeException failure) {
      here.close();
      throw failure;
    }
  }

  Session active() {
    return active;
  }

  Session passive() {
    return passive;
  }

  @Override
  public void close() {
    try {
      here.close();
      there.close();
    } finally {
      try {
        seal(passive, sealed);
      } finally {
        active.close();
        passive.close();
      }
    }
  }

  private static boolean unseal(Session session) {
    if (session.engine() == Engine.MARIADB
        || session.first("SELECT @@GLOBAL.super_read_only").orElseThrow().longValue(1) == 0) {
      return false;
    }
    session.execute("SET GLOBAL super_read_only = OFF");
    return true;
  }

  private static void seal(Session session, boolean sealed) {
    if (sealed) {
      session.execute("SET GLOBAL super_read_only = ON");
    }
  }

  private static void refuseLogged(Scratch scratch) {
    if (scratch.logged()) {
      scratch.close();
      throw ErrorCode.GRANT_MISSING.refuse(
          "The account may not set sql_log_bin, so the tables for a proof with real row events"
              + " would be made on both servers at once.",
          "GRANT BINLOG ADMIN ON *.* TO the account; on MySQL GRANT SYSTEM_VARIABLES_ADMIN,"
              + " SESSION_VARIABLES_ADMIN");
    }
  }
}
