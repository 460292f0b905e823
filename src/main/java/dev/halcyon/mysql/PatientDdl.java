package dev.halcyon.mysql;

import dev.halcyon.model.Engine;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Failure;
import dev.halcyon.progress.Event;
import dev.halcyon.progress.Events;
import dev.halcyon.sql.Sql;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Runs DDL that gives way. A statement that waits for a metadata lock makes every later statement
 * on its table wait behind it; so it waits for a moment, gives up, lets the application pass, and
 * tries again, for longer up to {@link Patience#lockWait} and then for moments again, until it
 * succeeds or the budget is spent. The moments are because the wait can be of a kind that no server
 * sees through and that no patience ends: for a transaction that waits for a row of another, which
 * waits behind the DDL.
 *
 * <p>The server grants the time once for each lock. A statement on several tables (a foreign key
 * and its parent) may thus hold one lock while it waits for another. An ALTER that works in place
 * takes its lock twice, and the time holds at its end too: then all its work is rolled back and
 * starts over; work of more than half a minute is lost {@value #MOST_LOST_WORKS} times at most.
 *
 * <p>The session keeps the lock wait. For one thread.
 */
public final class PatientDdl {
  /** A statement that ran for longer before it met a lock was at work, and has lost it. */
  private static final Duration LONG_WORK = Duration.ofSeconds(30);

  /** How often a statement may lose its work at the end before that is a failure. */
  private static final int MOST_LOST_WORKS = 3;

  private static final Duration FIRST_WAIT = Duration.ofMillis(150);
  private static final int SHORT_WAITS = 10;

  /** MariaDB's ALTER, at its end, waits this long in InnoDB for writers of the table's children. */
  private static final Duration ROW_WAIT = Duration.ofSeconds(1);

  private static final int INTERRUPTED = 1317;

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private final Session session;
  private final Sessions others;
  private final Patience patience;
  private final Events events;
  private final String version;
  private final String step;
  private final Duration longWork;

  /**
   * @param others opens one that looks after the wait, while it lasts
   * @param version the change's version, for the events
   * @param step the step's id, for the events
   */
  public PatientDdl(
      Session session,
      Sessions others,
      Patience patience,
      Events events,
      String version,
      String step) {
    this(session, others, patience, events, version, step, LONG_WORK);
  }

  PatientDdl(
      Session session,
      Sessions others,
      Patience patience,
      Events events,
      String version,
      String step,
      Duration longWork) {
    this.session = session;
    this.others = others;
    this.patience = patience;
    this.events = events;
    this.version = version;
    this.step = step;
    this.longWork = longWork;
  }

  /**
   * Runs one statement.
   *
   * @param table what it changes, to say who is in the way
   * @throws Failure HAL-402 when the budget is spent, with attempts and time; HAL-405 when
   *     interrupted
   * @throws Fault whatever else the server says; a lost reply is {@link Fault.OutcomeUnknown}
   */
  public void run(String table, String sql) {
    patiently(List.of(table), () -> session.execute(sql));
  }

  /**
   * Locks tables against writers and readers, runs the statements, unlocks. Once the first
   * statement has succeeded nothing is repeated: the fault of a later one goes to the caller, who
   * looks which of them hold. Waits for all locks together about as long as {@link #run} for one.
   *
   * @throws Failure as {@link #run}
   * @throws Fault as {@link #run}
   */
  public void underWriteLock(List<String> tables, List<String> statements) {
    if (tables.isEmpty() || statements.isEmpty()) {
      throw new IllegalArgumentException("a write lock is for tables and statements");
    }
    patiently(
        tables,
        () -> {
          session.execute(lock(tables));
          try {
            session.execute(statements.getFirst());
          } catch (Fault fault) {
            unlock(fault);
            throw fault;
          }
        });
    try {
      statements.stream().skip(1).forEach(session::execute);
    } catch (Fault fault) {
      unlock(fault);
      throw fault;
    }
    session.execute("UNLOCK TABLES");
  }

  /**
   * Locks tables against writers and readers, does the work, unlocks. Only the locking is repeated.
   *
   * @param work on this session, without a transaction, which would give the locks up
   * @throws Failure as {@link #run}
   * @throws Fault as {@link #run}
   */
  public void underWriteLock(List<String> tables, Runnable work) {
    patiently(tables, () -> session.execute(lock(tables)));
    try {
      work.run();
    } catch (RuntimeException | Error failure) {
      unlock(failure);
      throw failure;
    }
    session.execute("UNLOCK TABLES");
  }

  private static String lock(List<String> tables) {
    return tables.stream()
        .map(name -> Sql.name(name) + " WRITE")
        .collect(Collectors.joining(", ", "LOCK TABLES ", ""));
  }

  private void unlock(Throwable failure) {
    try {
      session.execute("UNLOCK TABLES");
    } catch (Fault second) {
      // A lost session holds no locks.
      failure.addSuppressed(second);
    }
  }

  private void patiently(List<String> tables, Runnable attempt) {
    var backoff = new Backoff(FIRST_WAIT, LONGEST_PAUSE);
    var waits = new Waits();
    while (true) {
      var begun = System.nanoTime();
      // The server waits for one table after the other, and holds those it has.
      session.setLockWait(waits.nextWait().dividedBy(tables.size()), ROW_WAIT);
      var fault = attempt(attempt, waits.nextWait());
      if (fault.isEmpty()) {
        return;
      }
      var took = Duration.ofNanos(System.nanoTime() - begun);
      waits.add(fault.get(), took);
      var blockers = tables.stream().map(table -> Blockers.of(session, table)).distinct().toList();
      var pause = backoff.next(waits.nextPause(took), patience.budget().plus(waits.worked));
      if (pause.isZero() || waits.lostWorks >= MOST_LOST_WORKS) {
        throw waits.failure(tables, backoff.elapsed(), blockers);
      }
      events.on(new Event.Waiting(version, step, waits.reason(tables, blockers)));
      Backoff.pause(pause, action(tables));
    }
  }

  /** Both waits of an ALTER together shall not last longer than one is allowed to. */
  private Duration longestWait() {
    var both = patience.lockWait().compareTo(ROW_WAIT) > 0 && session.engine() == Engine.MARIADB;
    return both ? patience.lockWait().minus(ROW_WAIT) : patience.lockWait();
  }

  /** Empty when it succeeded, else why it gave way. */
  private Optional<Fault> attempt(Runnable attempt, Duration wait) {
    var shortWait = new ShortWait(others, session, wait);
    try (shortWait) {
      attempt.run();
      return Optional.empty();
    } catch (Fault.Transient fault) {
      return Optional.of(fault);
    } catch (Fault.Refused refused) {
      if (shortWait.cut() && refused.code() == INTERRUPTED) {
        return Optional.of(refused);
      }
      throw refused;
    }
  }

  private static String action(List<String> tables) {
    return "get a lock on " + String.join(", ", tables);
  }

  /** What the attempts so far have met. */
  private final class Waits {
    private int attempts;
    private int lostWorks;
    private final Duration longest = longestWait();
    private Duration worked = Duration.ZERO;
    private @Nullable Fault last;

    Duration nextWait() {
      var wait = FIRST_WAIT.multipliedBy(1L << ((attempts % SHORT_WAITS) / 2));
      return wait.compareTo(longest) < 0 ? wait : longest;
    }

    /** The application has longer than it was held up, and longer still if that goes on. */
    Duration nextPause(Duration took) {
      var held = took.compareTo(FIRST_WAIT) < 0 ? FIRST_WAIT : took;
      return held.multipliedBy(2L << Math.min(attempts / SHORT_WAITS, 5));
    }

    void add(Fault fault, Duration took) {
      attempts++;
      last = fault;
      if (took.compareTo(longWork) > 0) {
        lostWorks++;
        worked = worked.plus(took);
      }
    }

    String reason(List<String> tables, List<String> blockers) {
      return "the lock on %s is taken; gave way %d times, so that the application goes on; %s"
          .formatted(String.join(", ", tables), attempts, String.join("; ", blockers));
    }

    Failure failure(List<String> tables, Duration elapsed, List<String> blockers) {
      return new Failure(
          ErrorCode.LOCK_WAIT,
          action(tables),
          "gave way %d times, after %d s at most, in %d s (budget %d s)%s; %s; the server said: %s"
              .formatted(
                  attempts,
                  patience.lockWait().toSeconds(),
                  elapsed.toSeconds(),
                  patience.budget().toSeconds(),
                  lostWorks > 0 ? ", %d times at the end of its work".formatted(lostWorks) : "",
                  String.join("; ", blockers),
                  last == null ? "nothing" : last.detail()),
          "The statement has not taken effect; the steps before it have.",
          "End what holds the lock, or choose a quieter hour, and run the same command again.",
          last);
    }
  }
}
