package dev.halcyon.rebuild;

import dev.halcyon.mysql.Chunk;
import dev.halcyon.mysql.KeyRange;
import dev.halcyon.mysql.KeyWalk;
import dev.halcyon.mysql.Pace;
import dev.halcyon.mysql.Pacer;
import dev.halcyon.mysql.TableKey;
import dev.halcyon.progress.Event;
import dev.halcyon.sql.Sql;
import java.time.Duration;
import java.util.List;

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

  /** Of a round, for each connection: the end of a round is waited for by all of them. */
  private static final int CHUNKS = 8;

  private final Work work;
  private final long mostRows;
  private final Crew crew;
  private Pace pace;
  private Pacer pacer;

  CopyPhase(Work work) {
    this.work = work;
    var source = work.shapes().source();
    this.mostRows =
        Math.max(1, MOST_BYTES / Math.max(1, source.bytes() / Math.max(1, source.rows())));
    this.pace = work.pace();
    this.pacer = pacer();
    this.crew = new Crew(work);
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
    var rounds = rounds();
    var extensions = 0;
    while (!work.state().all()) {
      obey();
      if (!work.steadily(pacer::rest)) {
        work.requireRunning();
      }
      var _ = work.capture().take(Duration.ofMillis(1));
      var chunks = rounds.next(pacer.alone() ? CHUNKS * crew.size() : 1);
      if (chunks.isEmpty()) {
        var further = rounds();
        if (extensions++ < MOST_EXTENSIONS && further.several()) {
          rounds = further;
        } else {
          copyTheEnd();
        }
        continue;
      }
      var _ = work.flush();
      copy(chunks, rounds);
    }
  }

  /** From now on every key counts as copied; the rows that are still to come are few. */
  private void copyTheEnd() {
    var _ = work.flush();
    var rounds = rounds();
    var chunks = rounds.next(1);
    while (!chunks.isEmpty()) {
      work.requireRunning();
      copy(chunks, rounds);
      chunks = rounds.next(1);
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

  /** From the watermark to the last key that is there now. */
  private Rounds rounds() {
    var walk = work.steadily(session -> KeyWalk.begin(session, work.key())).orElse(null);
    return new Rounds(work, walk, () -> Math.min(pacer.rows(), mostRows), work.state().after());
  }

  private void copy(List<Chunk> chunks, Rounds rounds) {
    var copied =
        crew.work(chunks, new Copying(work.shapes(), work.key()), () -> rounds.ahead(chunks));
    var rows = 0L;
    for (var one : copied) {
      pacer.done(one.chunk().rows(), one.took());
      rows += one.chunk().rows();
    }
    work.state(work.state().copied(chunks.getLast().range().upTo(), false, rows));
    work.advanced(STEP, work.state().rows());
  }

  @Override
  public void close() {
    crew.close();
  }
}
