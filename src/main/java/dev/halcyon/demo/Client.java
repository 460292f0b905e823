package dev.halcyon.demo;

import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.Server;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One thread of an application with one connection. It begins a deadlock's victim again, as an
 * application should; every other failure counts.
 */
final class Client {
  private static final int DEADLOCK = 1213;
  private static final int ATTEMPTS = 50;

  private final Server server;
  private final Application application;
  private final Ledger ledger;
  private final Tally tally;
  private final Random random;
  private final Duration pace;
  private final CountDownLatch retired = new CountDownLatch(1);
  private final Thread thread;

  /**
   * @param pace from one piece of work to the next
   */
  Client(
      Server server,
      Application application,
      Ledger ledger,
      Tally tally,
      Random random,
      Duration pace) {
    this.server = server;
    this.application = application;
    this.ledger = ledger;
    this.tally = tally;
    this.random = random;
    this.pace = pace;
    this.thread = new Thread(this::work, "halcyon-demo-" + application.label());
  }

  void start() {
    thread.start();
  }

  /** Ends after the work in hand; {@link #join} waits for that. */
  void retire() {
    retired.countDown();
  }

  void join() throws InterruptedException {
    thread.join();
  }

  private void work() {
    try {
      long due = System.nanoTime();
      while (!pausedUntil(due)) {
        due = connected(due);
      }
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error unexpected) {
      tally.failed(application.label() + " has died of " + unexpected);
    }
  }

  /** Works until it is retired or has no connection; gives the time when to go on. */
  private long connected(long begin) throws InterruptedException {
    long due = begin;
    try (var session = new Measured(server.open("demo " + application.label()), tally)) {
      while (!pausedUntil(due)) {
        // After a stall it goes on at its pace and does not catch up.
        due = Math.max(due, System.nanoTime() - pace.toNanos()) + pace.toNanos();
        perform(session, application.next(random));
      }
      return due;
    } catch (Fault lost) {
      tally.failed(application.label() + ": " + lost.getMessage());
      return System.nanoTime() + pace.toNanos();
    }
  }

  /**
   * @throws Fault if the connection is lost
   */
  private void perform(Measured session, Application.Work work) {
    for (int attempt = 1; ; attempt++) {
      var entry = new Entry(ledger);
      try {
        work.run(session, entry);
        entry.acknowledge();
        return;
      } catch (Fault.Transient fault) {
        entry.withdraw();
        if (fault.code() != DEADLOCK || attempt == ATTEMPTS) {
          tally.failed(application.label() + ": " + fault.getMessage());
          return;
        }
        tally.deadlock();
      } catch (Fault.Refused fault) {
        entry.withdraw();
        tally.failed(application.label() + ": " + fault.getMessage());
        return;
      } catch (Fault.Broken fault) {
        entry.withdraw();
        throw fault;
      }
    }
  }

  /** Whether it was retired meanwhile. */
  private boolean pausedUntil(long due) throws InterruptedException {
    return retired.await(due - System.nanoTime(), TimeUnit.NANOSECONDS);
  }
}
