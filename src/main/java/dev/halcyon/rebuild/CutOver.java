package dev.halcyon.rebuild;

import dev.halcyon.model.Engine;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Failure;
import dev.halcyon.mysql.Catalog;
import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.PatientDdl;
import dev.halcyon.mysql.Session;
import dev.halcyon.progress.Event;
import dev.halcyon.sql.Sql;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Swaps the tables. Both are locked; what is still on its way is applied under the lock; rows in
 * doubt are looked at; then the names change. MySQL renames in the session that has the locks.
 * MariaDB does not let it: there another session's RENAME stands in the queue, held back by a table
 * of the old name, which is dropped when the RENAME is seen to wait for the original. Since the
 * original's name sorts first, nothing can come between. For one thread.
 */
final class CutOver {
  static final String STEP = "cut-over";

  private static final int MOST_ATTEMPTS = 100;

  /** Under the lock the application waits: for the rest of the log so long and no longer. */
  private static final Duration DRAIN = Duration.ofMillis(700);

  private static final Duration FOR_EVER = Duration.ofDays(3650);
  private static final Duration QUEUED = Duration.ofMillis(500);
  private static final String SENTRY = "halcyon sentry";
  private static final Pattern COUNTER = Pattern.compile("\\) ENGINE=.*AUTO_INCREMENT=(\\d+)");

  private final Work work;
  private final Comparison comparison;
  private final ShadowNames names;
  private final Belongings before;

  /** Whether the new table may have what belongs to the old one. */
  private boolean attached;

  /** Of the last attempt, in the server. */
  private final List<Long> connections = new ArrayList<>();

  private int attempts;
  private Duration stall = Duration.ZERO;

  CutOver(Work work, Comparison comparison) {
    this.work = work;
    this.comparison = comparison;
    this.names = work.shapes().names();
    this.before = work.state().belongings();
  }

  int attempts() {
    return attempts;
  }

  Duration stall() {
    return stall;
  }

  /** The application would have waited for too long; it goes on, and the cut-over comes again. */
  private static final class GaveWay extends RuntimeException {
    private static final long serialVersionUID = 1L;

    GaveWay(String reason) {
      super(reason);
    }
  }

  void run() {
    while (true) {
      work.obey(STEP);
      work.awaitCutOver(FOR_EVER);
      attempts++;
      try {
        attempt();
        return;
      } catch (GaveWay | Fault.Transient again) {
        // A RENAME whose connection was lost may yet wait there; the sentry stands before it.
        endLost();
        if (attached && work.steadily(this::swapped)) {
          return;
        }
        undo();
        if (attempts >= MOST_ATTEMPTS) {
          throw work.failed(ErrorCode.LOCK_WAIT, String.valueOf(again.getMessage()), again);
        }
      } catch (Fault.Broken | Fault.OutcomeUnknown lost) {
        endLost();
        if (work.steadily(this::swapped)) {
          return;
        }
        undo();
      } catch (Fault.Refused refused) {
        endLost();
        if (work.steadily(this::swapped)) {
          return;
        }
        undo();
        throw work.refused(refused);
      } finally {
        var _ = work.steadily(session -> dropSentry(session, names));
      }
      work.pause();
    }
  }

  /** Nothing of the old table's may hang on the new one while it is only being filled. */
  private void undo() {
    if (attached) {
      var move = move();
      attached =
          work.steadily(
              session -> {
                move.undo(work.context(), session);
                dropWayBack(
                    session, BelongingsMove.patient(work.context(), session, names.table())::run);
                return false;
              });
    }
  }

  /** Whether the new table has to tell by triggers what is to be brought to the old one. */
  private boolean keepsByTriggers() {
    var state = work.state();
    return state.byTriggers() && state.keep() != null && !work.shapes().leadBack();
  }

  private CaptureTable wayBack() {
    return new CaptureTable(work.shapes().schema(), names.back().touched());
  }

  private void dropWayBack(Session session, BelongingsMove.Ddl ddl) {
    if (keepsByTriggers()) {
      wayBack().detach(session, ddl);
    }
  }

  private BelongingsMove move() {
    return work.state().move(work.shapes().schema(), names);
  }

  /** A statement goes on in the server after its connection is lost: until then nothing is told. */
  private void endLost() {
    for (var id : connections) {
      while (work.steadily(session -> session.kill(id))) {
        work.pause();
      }
    }
  }

  /** Whether the names have changed, by what stands there. */
  boolean swapped(Session session) {
    return swapped(session, work.shapes().schema(), names);
  }

  static boolean swapped(Session session, String schema, ShadowNames names) {
    var there =
        session
            .query(
                "SELECT table_name AS name, table_comment AS words"
                    + " FROM information_schema.tables WHERE table_schema = ?"
                    + " AND table_name IN (?, ?, ?)",
                schema,
                names.table(),
                names.shadow(),
                names.old())
            .stream()
            .filter(row -> !SENTRY.equals(row.stringOrNull("words")))
            .map(row -> row.string("name"))
            .toList();
    return there.contains(names.table())
        && there.contains(names.old())
        && !there.contains(names.shadow());
  }

  /** A sentry that a lost cut-over has left. */
  static boolean dropSentry(Session session, ShadowNames names) {
    var sentry =
        session.first(
            "SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE()"
                + " AND table_name = ? AND table_comment = ?",
            names.old(),
            SENTRY);
    if (sentry.isPresent()) {
      session.execute("DROP TABLE " + Sql.name(names.old()));
    }
    return sentry.isPresent();
  }

  private void attempt() {
    var sessions = work.context().sessions();
    var locking = sessions.open("cut-over " + names.table());
    connections.clear();
    connections.add(locking.connectionId());
    Renaming renaming = null;
    try {
      Modes.prepare(locking);
      CapturedRows.create(locking, work.shapes(), work.state().by());
      var ddl =
          new PatientDdl(
              locking,
              work.context().server()::open,
              work.context().waits(),
              this::waiting,
              names.table(),
              STEP);
      // Whoever reads the other table is waited for while the application has its own.
      ddl.underWriteLock(List.of(names.shadow()), () -> {});
      work.catchUp();
      requireSameKeys(locking);
      var _ =
          work.mark(
              work.state()
                  .moving(after(locking))
                  .at(
                      work.shapes().leadBack()
                          ? RebuildState.Stage.REVERTING
                          : RebuildState.Stage.SWAPPING));
      var maria = locking.engine() == Engine.MARIADB;
      if (maria) {
        locking.execute(
            "CREATE TABLE %s (id INT PRIMARY KEY) COMMENT = '%s'"
                .formatted(Sql.name(names.old()), SENTRY));
        renaming = new Renaming(sessions.open("rename " + names.table()));
        connections.add(renaming.session.connectionId());
      }
      var waiting = renaming;
      var tables = new ArrayList<>(List.of(names.table(), names.shadow()));
      if (maria) {
        tables.add(names.old());
      } else {
        tables.addAll(before.parents());
      }
      if (work.state().byTriggers()) {
        tables.add(names.touched());
      }
      if (keepsByTriggers()) {
        tables.add(names.back().touched());
      }
      before.children().stream().filter(child -> !tables.contains(child)).forEach(tables::add);
      ddl.underWriteLock(tables, () -> locked(locking, waiting));
      if (renaming != null) {
        renaming.await();
      }
    } finally {
      sessions.close(locking);
      if (renaming != null) {
        renaming.close();
      }
    }
  }

  /** Between two waits for the lock nothing is held, and the run may be told to stop. */
  private void waiting(Event event) {
    work.context().events().on(event);
    work.requireRunning();
  }

  private void locked(Session session, @Nullable Renaming renaming) {
    var start = System.nanoTime();
    try {
      drain(session, start);
      if (comparison.lookAgain(session) > 0) {
        throw comparison.mismatch();
      }
      work.requireWitnessed(session);
      requireUnchanged(session);
      work.requireWriter(session);
      if (work.state().keep() != null && !work.shapes().leadBack()) {
        var _ = work.mark(work.capture().keepFrom(work.state()));
      }
      keepCounter(session);
      swap(session, renaming);
    } finally {
      stall = Duration.ofNanos(System.nanoTime() - start);
    }
  }

  private void swap(Session session, @Nullable Renaming renaming) {
    var move = move();
    attached = !before.none() || keepsByTriggers();
    try {
      move.attach(session);
      if (keepsByTriggers()) {
        wayBack().attach(session, (_, sql) -> session.execute(sql), names.shadow());
      }
      if (renaming != null) {
        renaming.start();
        renaming.requireQueued(session);
      }
    } catch (GaveWay | Fault.Transient | Fault.Refused again) {
      // While the application still waits: it never meets what belongs to nobody.
      move.undo(session, (_, sql) -> session.execute(sql));
      dropWayBack(session, (_, sql) -> session.execute(sql));
      throw again;
    }
    if (renaming == null) {
      session.execute(rename(names));
      move.detach(session, names.old());
    } else {
      session.execute("DROP TABLE " + Sql.name(names.old()));
      // The RENAME is bound to come as soon as the lock goes.
      move.detach(session, names.table());
    }
  }

  /** What will hang on the table when it has its new shape. */
  private Belongings after(Session session) {
    var shapes = work.shapes();
    return before.none()
        ? before
        : before.mapped(
            shapes.columns(),
            Catalog.table(session, shapes.schema(), names.shadow()).orElseThrow(),
            names.table());
  }

  private void drain(Session session, long start) {
    var mark = work.mark(work.state());
    var capture = work.capture();
    while (!capture.reached(mark)) {
      if (System.nanoTime() - start > DRAIN.toNanos()) {
        throw new GaveWay("the log was not read to its end within " + DRAIN.toMillis() + " ms");
      }
      var _ = capture.take(Duration.ofMillis(5));
    }
    do {
      apply(session, capture.drain());
    } while (capture.more());
  }

  private void apply(Session session, Batch batch) {
    try {
      if (work.shapes().leadBack()) {
        drainBack(session, batch);
      } else {
        var _ = batch.apply(session, work.state());
      }
    } catch (Fault fault) {
      batch.giveBack();
      throw fault;
    }
  }

  /** UNLOCK TABLES would commit what was done by half. */
  private void drainBack(Session session, Batch batch) {
    session.execute("SET autocommit = 0");
    try {
      work.state(work.applyBack(session, batch));
      session.execute("COMMIT");
    } catch (Fault.Refused | Fault.Transient | Failure failure) {
      session.execute("ROLLBACK");
      throw failure;
    }
    session.execute("SET autocommit = 1");
    if (!work.state().unfit().isEmpty()) {
      throw work.unfit();
    }
  }

  private void requireUnchanged(Session session) {
    var now = session.first("SHOW CREATE TABLE " + Sql.name(names.table())).orElseThrow().string(2);
    if (!Preparation.shape(now).equals(work.state().showCreate())) {
      throw work.failed(ErrorCode.DRIFT, "somebody has changed the table", null);
    }
    var triggers = Belongings.triggers(session, work.shapes().schema(), names.table());
    if (!triggers.equals(before.triggers())) {
      throw work.failed(
          ErrorCode.DRIFT, "somebody has made, changed or dropped a trigger on the table", null);
    }
  }

  private void requireSameKeys(Session session) {
    var keys = Belongings.pointing(session, work.shapes().schema(), names.table());
    if (!keys.equals(before.pointing())) {
      throw work.failed(
          ErrorCode.DRIFT,
          "somebody has made or dropped a foreign key to the table: "
              + keys.stream()
                  .map(key -> key.table() + "." + key.name())
                  .collect(Collectors.joining(", ")),
          null);
    }
  }

  /** Ids of rows that are gone are not given again. */
  private void keepCounter(Session session) {
    var counter = counter(session, names.table());
    if (counter > counter(session, names.shadow())) {
      session.execute(
          "ALTER TABLE %s AUTO_INCREMENT = %d".formatted(Sql.name(names.shadow()), counter));
    }
  }

  private static long counter(Session session, String table) {
    var text = session.first("SHOW CREATE TABLE " + Sql.name(table)).orElseThrow().string(2);
    var found = COUNTER.matcher(text);
    return found.find() ? Long.parseLong(found.group(1)) : 0;
  }

  /** The statement that swaps the tables. */
  static String rename(ShadowNames names) {
    return "RENAME TABLE %s TO %s, %s TO %s"
        .formatted(
            Sql.name(names.table()),
            Sql.name(names.old()),
            Sql.name(names.shadow()),
            Sql.name(names.table()));
  }

  /** MariaDB's RENAME in a session of its own. */
  private final class Renaming implements AutoCloseable {
    private final Session session;
    private final FutureTask<@Nullable Void> task;
    private boolean started;

    Renaming(Session session) {
      this.session = session;
      session.setLockWait(Duration.ofSeconds(2));
      this.task = new FutureTask<>(() -> session.execute(rename(names)), null);
    }

    void start() {
      started = true;
      var _ = Thread.ofPlatform().daemon().name("halcyon-rename").start(task);
    }

    void requireQueued(Session looking) {
      var end = System.nanoTime() + QUEUED.toNanos();
      while (System.nanoTime() < end && !task.isDone()) {
        var state =
            looking.first(
                "SELECT state FROM information_schema.processlist WHERE id = ?",
                session.connectionId());
        if (state
            .map(row -> row.stringOrNull(1))
            .filter(s -> s.contains("metadata lock"))
            .isPresent()) {
          return;
        }
      }
      throw new GaveWay("the RENAME did not come to stand in the queue for the table");
    }

    void await() {
      try {
        var _ = task.get();
      } catch (ExecutionException failure) {
        if (failure.getCause() instanceof Fault.Transient late) {
          throw late;
        }
        if (failure.getCause() instanceof Fault fault) {
          throw fault;
        }
        throw new IllegalStateException(failure.getCause());
      } catch (InterruptedException interruption) {
        Thread.currentThread().interrupt();
        throw work.failed(ErrorCode.STOPPED, "interrupted", null);
      }
    }

    @Override
    public void close() {
      if (started && !task.isDone()) {
        var _ = work.steadily(main -> main.kill(session.connectionId()));
        try {
          await();
        } catch (Failure | Fault ended) {
          work.context()
              .events()
              .on(new Event.Waiting(names.table(), STEP, "the RENAME was ended"));
        }
      }
      work.context().sessions().close(session);
    }
  }
}
