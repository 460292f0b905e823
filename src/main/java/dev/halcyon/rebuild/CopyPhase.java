package dev.halcyon.rebuild;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.mysql.Chunk;
import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.KeyPosition;
import dev.halcyon.mysql.KeyRange;
import dev.halcyon.mysql.KeyWalk;
import dev.halcyon.mysql.Pace;
import dev.halcyon.mysql.Pacer;
import dev.halcyon.mysql.TableKey;
import dev.halcyon.progress.Event;
import dev.halcyon.sql.Sql;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Copies every row that is there, in rounds. A round cuts its chunks, commits a mark, and only then
 * reads them: so each transaction whose changes were left out as lying behind the watermark stands
 * before the mark in the log and can be seen by the read. What is captured while a round reads is
 * applied after it. For one thread.
 */
final class CopyPhase implements AutoCloseable {
  static final String STEP = "copy";

  /** How often the rows that came behind the end meanwhile make a new end. */
  private static final int MOST_EXTENSIONS = 5;

  /** A chunk is one transaction, which the server keeps whole for its log. */
  private static final long MOST_BYTES = 32L << 20;

  private final Work work;
  private final long mostRows;
  private Pace pace;
  private Pacer pacer;
  private final List<Copier> copiers = new ArrayList<>();
  private final ExecutorService threads;

  CopyPhase(Work work) {
    this.work = work;
    var context = work.context();
    var source = work.shapes().source();
    this.mostRows =
        Math.max(1, MOST_BYTES / Math.max(1, source.bytes() / Math.max(1, source.rows())));
    this.pace = work.pace();
    this.pacer = pacer();
    this.threads =
        Executors.newFixedThreadPool(
            context.workers(), Thread.ofPlatform().daemon().name("halcyon-copy-", 0).factory());
    for (var i = 0; i < context.workers(); i++) {
      copiers.add(new Copier(work.shapes(), context));
    }
  }

  private Pacer pacer() {
    var context = work.context();
    return new Pacer(
        pace,
        context.throttle(),
        () -> context.stopped().getAsBoolean() || work.orders().stop(),
        reason ->
            context.events().on(new Event.Waiting(work.shapes().names().table(), STEP, reason)));
  }

  /** Does as it was told meanwhile. */
  private void obey() {
    work.obey(STEP);
    if (!work.pace().equals(pace)) {
      pace = work.pace();
      pacer = pacer();
    }
  }

  /** Goes on behind the watermark until every row is there. */
  void run() {
    removeBehindWatermark();
    var walk = begin();
    var extensions = 0;
    while (!work.state().all()) {
      obey();
      if (!work.steadily(pacer::rest)) {
        work.requireRunning();
      }
      var _ = work.backlog().take(Duration.ofMillis(1));
      var chunks = cut(walk, work.state().after(), pacer.alone() ? copiers.size() : 1);
      if (chunks.isEmpty()) {
        var further = begin();
        if (extensions++ < MOST_EXTENSIONS && cut(further, work.state().after(), 2).size() > 1) {
          walk = further;
        } else {
          copyTheEnd();
        }
        continue;
      }
      var _ = work.flush();
      copy(chunks);
    }
  }

  /** From now on every key counts as copied; the rows that are still to come are few. */
  private void copyTheEnd() {
    var _ = work.flush();
    var walk = begin();
    var chunks = cut(walk, work.state().after(), 1);
    while (!chunks.isEmpty()) {
      work.requireRunning();
      copy(chunks);
      chunks = cut(walk, work.state().after(), 1);
    }
    work.state(work.state().copied(work.state().after(), true, 0));
    work.catchUp();
  }

  /** What a run that died had copied, and not yet told. */
  private void removeBehindWatermark() {
    if (work.state().all()) {
      return;
    }
    var shadow = work.shapes().names().shadow();
    var after = work.state().after();
    var _ =
        work.steadily(
            session -> {
              if (after == null) {
                return session.update("DELETE FROM " + Sql.name(shadow));
              }
              var key = TableKey.read(session, shadow, work.shapes().shadowKey());
              return session.update(
                  "DELETE FROM %s WHERE NOT %s"
                      .formatted(
                          Sql.name(shadow), key.condition(shadow, new KeyRange(null, after))));
            });
  }

  private @Nullable KeyWalk begin() {
    return work.steadily(session -> KeyWalk.begin(session, work.key())).orElse(null);
  }

  private List<Chunk> cut(@Nullable KeyWalk walk, @Nullable KeyPosition after, int most) {
    var chunks = new ArrayList<Chunk>();
    var from = after;
    while (walk != null && chunks.size() < most) {
      var place = from;
      var rows = Math.min(pacer.rows(), mostRows);
      var chunk = work.steadily(session -> walk.next(session, place, rows));
      if (chunk.isEmpty()) {
        break;
      }
      chunks.add(chunk.get());
      from = chunk.get().range().upTo();
    }
    return chunks;
  }

  private void copy(List<Chunk> chunks) {
    var running = new ArrayList<Future<Duration>>();
    for (var i = 0; i < chunks.size(); i++) {
      running.add(threads.submit(copiers.get(i).copying(work.key(), chunks.get(i))));
    }
    var rows = 0L;
    for (var i = 0; i < running.size(); i++) {
      var took = await(running, i);
      pacer.done(chunks.get(i).rows(), took);
      rows += chunks.get(i).rows();
    }
    work.state(work.state().copied(chunks.getLast().range().upTo(), false, rows));
    work.advanced(STEP, work.state().rows());
  }

  /** Meanwhile takes in what is captured. */
  private Duration await(List<Future<Duration>> running, int index) {
    try {
      var one = running.get(index);
      while (!one.isDone()) {
        if (!work.backlog().take(Duration.ofMillis(2)) && !one.isDone()) {
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
    copiers.forEach(Copier::close);
  }
}
