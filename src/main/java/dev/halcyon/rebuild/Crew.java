package dev.halcyon.rebuild;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.mysql.Chunk;
import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.Session;
import dev.halcyon.mysql.SteadySession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Connections that work on chunks side by side, each on a thread of its own; whichever is free
 * takes the next chunk. For one thread.
 */
final class Crew implements AutoCloseable {
  private static final Duration LOOK = Duration.ofMillis(2);
  private static final int MOST_ATTEMPTS = 50;
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final Work work;
  private final List<SteadySession> sessions = new ArrayList<>();
  private final ExecutorService threads;

  /** What is done with a chunk, on a thread of the crew. */
  interface Job<T> {
    /**
     * @param again whether an attempt before this one has ended, perhaps without a reply
     */
    T on(Session session, Chunk chunk, boolean again);
  }

  /**
   * @param took of the attempt that succeeded
   */
  record Done<T>(Chunk chunk, T result, Duration took) {}

  /** Connections are opened as they are wanted. */
  Crew(Work work) {
    this.work = work;
    this.threads =
        Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("halcyon-rows-", 0).factory());
  }

  /** How many connections there are to be now; those that are no longer wanted rest. */
  int size() {
    var wanted = work.workers();
    var context = work.context();
    while (sessions.size() < wanted) {
      sessions.add(
          new SteadySession(
              context.sessions(),
              "rebuild " + work.shapes().names().table(),
              Modes::prepare,
              context.patience(),
              context.stopped()));
    }
    return wanted;
  }

  /**
   * Has all chunks worked on, and returns when that is done. What is captured is taken in
   * meanwhile.
   *
   * @param meanwhile done once, beside it
   * @return what became of each chunk
   */
  <T> List<Done<T>> work(List<Chunk> chunks, Job<T> job, Runnable meanwhile) {
    var next = new AtomicInteger();
    var running = new ArrayList<Future<List<Done<T>>>>();
    for (var session : sessions.subList(0, Math.min(size(), chunks.size()))) {
      running.add(threads.submit(() -> take(session, chunks, next, job)));
    }
    try {
      meanwhile.run();
    } catch (RuntimeException | Error failure) {
      next.set(chunks.size());
      throw failure;
    }
    var all = new ArrayList<Done<T>>();
    running.forEach(one -> all.addAll(await(one)));
    return all;
  }

  private <T> List<Done<T>> take(
      SteadySession session, List<Chunk> chunks, AtomicInteger next, Job<T> job)
      throws InterruptedException {
    var done = new ArrayList<Done<T>>();
    var ended = false;
    try {
      for (int i; (i = next.getAndIncrement()) < chunks.size(); ) {
        done.add(steadily(session, chunks.get(i), job));
      }
      ended = true;
      return done;
    } finally {
      if (!ended) {
        next.set(chunks.size());
      }
    }
  }

  private <T> Done<T> steadily(SteadySession steady, Chunk chunk, Job<T> job)
      throws InterruptedException {
    for (var attempt = 1; ; attempt++) {
      try {
        var start = System.nanoTime();
        var result = job.on(steady.session(), chunk, attempt > 1);
        return new Done<>(chunk, result, Duration.ofNanos(System.nanoTime() - start));
      } catch (Fault.Broken | Fault.OutcomeUnknown lost) {
        steady.reopen(lost);
      } catch (Fault.Transient passing) {
        if (attempt == MOST_ATTEMPTS || work.context().stopped().getAsBoolean()) {
          throw passing;
        }
        Thread.sleep(PAUSE);
      }
    }
  }

  /** Meanwhile takes in what is captured. */
  private <T> List<T> await(Future<List<T>> one) {
    try {
      while (!one.isDone()) {
        if (!work.capture().take(LOOK) && !one.isDone()) {
          Thread.sleep(1);
        }
      }
      return one.get();
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw work.failed(ErrorCode.STOPPED, "interrupted", null);
    } catch (ExecutionException failure) {
      throw switch (failure.getCause()) {
        case Fault.Refused refused -> work.refused(refused);
        case Fault fault -> work.failed(ErrorCode.LOCK_WAIT, fault.detail(), fault);
        case RuntimeException other -> other;
        case null, default -> new IllegalStateException(failure.getCause());
      };
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    threads.close();
    sessions.forEach(SteadySession::close);
  }
}
