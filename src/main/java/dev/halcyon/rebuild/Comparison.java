package dev.halcyon.rebuild;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.mysql.Chunk;
import dev.halcyon.mysql.KeyPosition;
import dev.halcyon.mysql.KeyRange;
import dev.halcyon.mysql.KeyWalk;
import dev.halcyon.mysql.Pacer;
import dev.halcyon.mysql.Session;
import dev.halcyon.mysql.TableKey;
import dev.halcyon.progress.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compares every row of both tables, without locks: each chunk in one statement, which sees both in
 * one state. A row that differs may be one whose change is still on its way; it is looked at again
 * when that has been applied, and at last under the lock of the cut-over. For one thread.
 */
final class Comparison {
  static final String STEP = "verify";

  /** More than this many rows that differ for good need no lock to be told. */
  private static final int MOST_IN_DOUBT = 1000;

  /** With so many, changes are applied and the rows looked at again before the next chunks. */
  private static final int MOST_GATHERED = 10_000;

  /** Looked at by one statement. */
  private static final int TOGETHER = 100;

  private static final int LOOKS = 5;

  /** Of a round, for each connection. */
  private static final int CHUNKS = 8;

  private static final int SHOWN = 10;

  private final Work work;
  private final RowQueries queries;
  private final String source;
  private final String shadow;
  private final TableKey shadowKey;
  private final Set<RowQueries.Doubt> doubts = new LinkedHashSet<>();

  private long rows;
  private Duration took = Duration.ZERO;

  Comparison(Work work) {
    this.work = work;
    this.queries = new RowQueries(work.shapes());
    this.source = work.shapes().names().table();
    this.shadow = work.shapes().names().shadow();
    this.shadowKey =
        work.steadily(session -> TableKey.read(session, shadow, work.shapes().shadowKey()));
  }

  /** How many rows were compared. */
  long rows() {
    return rows;
  }

  /** How long that took, without waiting for indexes that are built beside it. */
  Duration took() {
    return took;
  }

  /**
   * Looks at every row, and again at those that differ.
   *
   * @throws dev.halcyon.model.Failure HAL-501 when many differ for good
   */
  void run() {
    var context = work.context();
    var pacer =
        new Pacer(
            work.pace(),
            context.throttle(),
            context.stopped(),
            reason -> context.events().on(new Event.Waiting(source, STEP, reason)));
    var start = System.nanoTime();
    var walk = work.steadily(session -> KeyWalk.begin(session, work.key()));
    var rounds = new Rounds(work, walk.orElse(null), pacer::rows, null);
    try (var crew = new Crew(work)) {
      while (true) {
        work.obey(STEP);
        var _ = work.steadily(pacer::rest);
        var _ = work.takeIn(Duration.ofMillis(1));
        var chunks = rounds.next(pacer.alone() ? CHUNKS * crew.size() : 1);
        if (chunks.isEmpty()) {
          break;
        }
        compare(crew, chunks, rounds, pacer);
        if (doubts.size() > MOST_GATHERED) {
          took = took.plusNanos(System.nanoTime() - start);
          awaitLeave();
          start = System.nanoTime();
          lookAgain();
        }
      }
    }
    took = took.plusNanos(System.nanoTime() - start);
    awaitLeave();
    start = System.nanoTime();
    compareBehind(rounds.after());
    lookAgain();
    took = took.plusNanos(System.nanoTime() - start);
  }

  /** Until what is captured may be applied. */
  private void awaitLeave() {
    while (work.held()) {
      work.obey(STEP);
      if (!work.capture().take(Duration.ofMillis(20))) {
        work.pause();
      }
    }
  }

  /**
   * @throws dev.halcyon.model.Failure HAL-501 when many still differ with all changes applied
   */
  private void lookAgain() {
    for (var look = 0; look < LOOKS && !doubts.isEmpty(); look++) {
      work.catchUp();
      var _ = work.steadily(session -> lookAgain(session));
    }
    work.compared();
    if (inDoubt() > MOST_IN_DOUBT) {
      throw mismatch();
    }
  }

  /**
   * Looks again at the rows that differed.
   *
   * @return how many still do
   */
  int lookAgain(Session session) {
    var left = new ArrayList<RowQueries.Doubt>();
    var all = List.copyOf(doubts);
    for (var i = 0; i < all.size(); i += TOGETHER) {
      lookAgain(session, all.subList(i, Math.min(all.size(), i + TOGETHER)), left);
    }
    doubts.clear();
    doubts.addAll(left);
    return doubts.size();
  }

  private void lookAgain(
      Session session, List<RowQueries.Doubt> some, List<RowQueries.Doubt> left) {
    if (queries.agree(session, some)) {
      return;
    }
    if (some.size() == 1) {
      left.addAll(queries.named(session, some.getFirst(), MOST_IN_DOUBT));
      return;
    }
    var half = some.size() / 2;
    lookAgain(session, some.subList(0, half), left);
    lookAgain(session, some.subList(half, some.size()), left);
  }

  private long inDoubt() {
    return doubts.stream().mapToLong(RowQueries.Doubt::rows).sum();
  }

  RuntimeException mismatch() {
    var keys =
        doubts.stream().limit(SHOWN).map(RowQueries.Doubt::key).collect(Collectors.joining("; "));
    return work.failed(
        ErrorCode.MISMATCH,
        "%d%s rows are not what the change makes of them, with the keys: %s"
            .formatted(inDoubt(), inDoubt() > doubts.size() ? " or more" : "", keys),
        null);
  }

  private void compare(Crew crew, List<Chunk> chunks, Rounds rounds, Pacer pacer) {
    var seen =
        crew.work(
            chunks, (session, chunk, _) -> compare(session, chunk), () -> rounds.ahead(chunks));
    for (var one : seen) {
      doubts.addAll(one.result());
      pacer.done(one.chunk().rows(), one.took());
      rows += one.chunk().rows();
    }
    work.advanced(STEP, rows);
  }

  private List<RowQueries.Doubt> compare(Session session, Chunk chunk) {
    work.key().prepare(session);
    shadowKey.prepare(session);
    var range =
        RowQueries.Doubt.range(
            work.key().condition(source, chunk.range()),
            shadowKey.condition(shadow, chunk.range()));
    return queries.differing(session, range, MOST_IN_DOUBT);
  }

  /** Rows behind the last one of the old table, which no chunk would look at. */
  private void compareBehind(@Nullable KeyPosition after) {
    var range = after == null ? null : new KeyRange(null, after);
    var behind =
        range == null
            ? RowQueries.Doubt.range("TRUE", "TRUE")
            : RowQueries.Doubt.range(
                "NOT " + work.key().condition(source, range),
                "NOT " + shadowKey.condition(shadow, range));
    doubts.addAll(work.steadily(session -> queries.differing(session, behind, MOST_IN_DOUBT)));
  }
}
