package dev.halcyon.rebuild;

import dev.halcyon.binlog.ChangeStream;
import dev.halcyon.binlog.Position;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Failure;
import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.Pace;
import dev.halcyon.mysql.ReadOnly;
import dev.halcyon.mysql.ServerIdentity;
import dev.halcyon.mysql.Session;
import dev.halcyon.mysql.SteadySession;
import dev.halcyon.mysql.TableKey;
import dev.halcyon.progress.Event;
import dev.halcyon.sql.Sql;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the phases of a rebuild share: the session that applies and stores, the captured changes,
 * and the state. For one thread.
 */
final class Work implements AutoCloseable {
  private static final long STREAM_BYTES = 16L << 20;
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final Duration LISTEN_EVERY = Duration.ofMillis(300);
  private static final int DUPLICATE = 1062;
  private static final int READ_ONLY = 1290;
  private static final int SHOWN = 10;

  private final RebuildContext context;
  private final Shapes shapes;
  private final RebuildTable rebuilds;
  private final SteadySession main;
  private final TableKey key;
  private final @Nullable BackwardApplier backward;
  private final Capture capture;
  private final Origins origins;
  private final @Nullable TableWitness witness;
  private RebuildState state;
  private long changes;
  private BooleanSupplier held = () -> false;
  private Orders orders = Orders.NONE;
  private long listenedAt = System.nanoTime() - LISTEN_EVERY.toNanos();

  Work(RebuildContext context, Shapes shapes, RebuildTable rebuilds, RebuildState state) {
    this.context = context;
    this.shapes = shapes;
    this.rebuilds = rebuilds;
    this.state = state;
    this.main =
        new SteadySession(
            context.sessions(),
            "rebuild " + shapes.names().table(),
            session -> {
              Modes.prepare(session);
              CapturedRows.create(session, shapes, state.by());
            },
            context.patience(),
            context.stopped());
    var session = main.session();
    this.key = shapes.sourceKey(session);
    var packet = session.first("SELECT @@max_allowed_packet").orElseThrow().longValue(1);
    var rows = new CapturedRows(shapes, packet);
    this.backward = shapes.leadBack() ? new BackwardApplier(shapes, rows) : null;
    this.origins = new Origins(ServerIdentity.of(session).id());
    this.capture =
        switch (state.by()) {
          case LOG ->
              followLog(
                  session,
                  rows,
                  backward == null ? new ForwardApplier(shapes, key, rows) : backward);
          case TRIGGERS ->
              new TriggerCapture(shapes, key, rows, backward, this::touched, this::broken);
        };
    this.witness = state.byTriggers() ? new TableWitness(this, session) : null;
  }

  private boolean touched() {
    var table = Sql.name(shapes.names().touched());
    return steadily(own -> own.first("SELECT 1 FROM " + table + " LIMIT 1").isPresent());
  }

  private Failure broken(String detail) {
    return failed(ErrorCode.CAPTURE_BROKEN, detail, null);
  }

  /** After a comparison: by rows of these days the table is known. */
  void compared() {
    if (witness != null) {
      witness.compared();
    }
  }

  /** Under the lock, with everything applied: triggers have told of all there was. */
  void requireWitnessed(Session session) {
    if (witness != null) {
      witness.require(session);
    }
  }

  private Capture followLog(Session session, CapturedRows rows, Applier applier) {
    var marks = rebuilds.watched(session, shapes.schema());
    var table = shapes.watched();
    var from = Position.parse(state.position());
    var stream =
        ChangeStream.open(
            new ChangeStream.Settings(
                context.server().replicationAccess(),
                context.server().engine(),
                context.patience(),
                STREAM_BYTES,
                own(shapes, state)),
            from,
            List.of(table, marks));
    return new Backlog(
        stream,
        marks,
        rebuilds,
        applier,
        shapes.key().stream().mapToInt(table::indexOf).toArray(),
        from,
        origins,
        image -> CapturedRows.condition(shapes.key(), rows.key(image)));
  }

  /** Statements of ours that stand in the log. */
  private static Set<String> own(Shapes shapes, RebuildState state) {
    var own = new HashSet<String>();
    if (shapes.leadBack()) {
      own.add(CutOver.rename(shapes.names().back()));
    }
    var moving = state.moving();
    if (moving != null) {
      own.add(moving.mark());
    }
    return own;
  }

  RebuildContext context() {
    return context;
  }

  Shapes shapes() {
    return shapes;
  }

  TableKey key() {
    return key;
  }

  Capture capture() {
    return capture;
  }

  RebuildState state() {
    return state;
  }

  long changes() {
    return changes;
  }

  void state(RebuildState next) {
    state = next;
  }

  /** While this is so, nothing that is captured may be applied. */
  void hold(BooleanSupplier whileSo) {
    held = whileSo;
  }

  /** Whether what is captured has to wait. */
  boolean held() {
    return held.getAsBoolean();
  }

  /**
   * Takes in what is captured, and applies it unless it has to wait.
   *
   * @param patience how long to wait for the first item
   * @return false when there was nothing, or no room
   */
  boolean takeIn(Duration patience) {
    var any = capture.take(patience);
    if (!capture.isEmpty() && !held()) {
      var _ = flush();
    }
    return any;
  }

  /**
   * Applies what was captured and stores the state, in one transaction.
   *
   * @return the mark that the log then has
   */
  long flush() {
    var batch = capture.drain();
    var stored = steadily(session -> session.inTransaction(() -> store(session, batch)));
    state = stored.state();
    changes += batch.changes();
    rebuilds.written();
    return stored.mark();
  }

  /** What has been stored, and the mark that the log then has. */
  private record Stored(RebuildState state, long mark) {}

  private Stored store(Session session, Batch batch) {
    var applied = batch.apply(session, state);
    return new Stored(applied, rebuilds.write(session, applied));
  }

  /** Of a way back: tries the rows that did not fit once more. */
  void tryAgain() {
    if (backward == null || state.unfit().isEmpty()) {
      return;
    }
    var stored = steadily(session -> session.inTransaction(() -> tryAgain(session, backward)));
    state = stored.state();
    rebuilds.written();
  }

  private Stored tryAgain(Session session, BackwardApplier again) {
    var applied = again.tryAgain(session, state);
    return new Stored(applied, rebuilds.write(session, applied));
  }

  /**
   * Of a way back: applies under the lock of the cut-over, where nobody else can write.
   *
   * @return the state with the rows that do not fit
   */
  RebuildState applyBack(Session session, Batch batch) {
    if (backward == null) {
      throw new IllegalStateException("not a way back");
    }
    return backward.tryAgain(session, batch.apply(session, state));
  }

  /** Of a way back: rows stand against it. */
  Failure unfit() {
    return failed(
        ErrorCode.DATA_DOES_NOT_FIT,
        "the old table cannot take these rows: "
            + state.unfit().stream()
                .limit(SHOWN)
                .map(this::words)
                .collect(Collectors.joining("; ")),
        null);
  }

  /** For people: the row by its key, and why it does not fit. */
  String words(RebuildState.Unfit row) {
    return CapturedRows.condition(shapes.key(), row.key()) + ": " + row.reason();
  }

  /**
   * Stores the state without applying anything; what was captured before it stays to be applied.
   */
  long mark(RebuildState next) {
    var mark = steadily(session -> session.inTransaction(() -> rebuilds.write(session, next)));
    state = next;
    rebuilds.written();
    return mark;
  }

  /** Applies all changes that were committed before this call. */
  void catchUp() {
    var mark = flush();
    var end = System.nanoTime() + context.patience().toNanos();
    while (!capture.reached(mark)) {
      requireRunning();
      if (!capture.take(Duration.ofMillis(100))) {
        if (System.nanoTime() > end) {
          throw failed(ErrorCode.CAPTURE_BROKEN, "a mark of its own does not come", null);
        }
        if (!capture.isEmpty()) {
          var _ = flush();
        }
      }
    }
    do {
      requireRunning();
      var _ = flush();
    } while (capture.more());
  }

  /** Repeats what passes or is lost; what is repeated must bear it. */
  <T> T steadily(Function<Session, T> work) {
    var end = System.nanoTime() + context.patience().toNanos();
    while (true) {
      try {
        return work.apply(main.session());
      } catch (Fault.Transient passing) {
        if (System.nanoTime() > end) {
          throw failed(ErrorCode.LOCK_WAIT, passing.detail(), passing);
        }
        pause();
      } catch (Fault.Broken | Fault.OutcomeUnknown lost) {
        main.reopen(lost);
      } catch (Fault.Refused refused) {
        throw refused(refused);
      }
    }
  }

  Failure refused(Fault.Refused refused) {
    if (refused.code() == READ_ONLY) {
      return readOnly(refused);
    }
    return failed(
        refused.code() == DUPLICATE ? ErrorCode.DATA_DOES_NOT_FIT : ErrorCode.STEP_FAILED,
        refused.detail(),
        refused);
  }

  /** Another phase begins; whoever asks for the status sees it. */
  void phase(String step) {
    if (witness != null) {
      witness.requireTriggers();
    }
    rebuilds.phase(step, shapes.source().rows());
    var _ = mark(state);
    listenedAt = System.nanoTime() - LISTEN_EVERY.toNanos() - 1;
  }

  /** The pace that was asked for last. */
  Pace pace() {
    var time = orders.chunkTime();
    return time == null ? context.pace() : context.pace().withTarget(time);
  }

  /** How many connections shall copy or compare now. */
  int workers() {
    var ordered = orders.workers();
    return ordered == null ? context.workers() : ordered;
  }

  /** What was ordered lately. */
  Orders orders() {
    if (System.nanoTime() - listenedAt > LISTEN_EVERY.toNanos()) {
      orders = steadily(this::listen);
      listenedAt = System.nanoTime();
    }
    return orders;
  }

  private Orders listen(Session session) {
    requireWriter(session);
    return rebuilds.orders(session);
  }

  /**
   * An account that no fence stops would go on here while the application writes elsewhere. Two
   * servers that write would each have rows that the other one's new table lacks.
   */
  void requireWriter(Session session) {
    if (ReadOnly.closed(session)) {
      throw readOnly(null);
    }
    if (origins.several()) {
      throw failed(
          ErrorCode.TWO_WRITERS,
          "two servers write to it: " + origins.words(),
          "Lead all writes to one of them; then halcyon alter --abort %s, and begin again there."
              .formatted(shapes.names().table()),
          null);
    }
  }

  private Failure readOnly(@Nullable Throwable cause) {
    return failed(
        ErrorCode.READ_ONLY,
        "the server has become read-only",
        "If writes go to another server now: halcyon alter --abort %s there. Else make this one writable and type the same command again."
            .formatted(shapes.names().table()),
        cause);
  }

  /** Stops, or waits, if that was asked for; changes are taken along meanwhile. */
  void obey(String step) {
    requireRunning();
    if (orders().paused()) {
      waitWhile(step, "paused, until --control=resume", Orders::paused, Long.MAX_VALUE);
    }
    requireRunning();
  }

  /** Waits for the leave to cut over, so long at most. */
  void awaitCutOver(Duration most) {
    if (orders().postponed()) {
      waitWhile(
          CutOver.STEP,
          "the cut-over is postponed, until --control=cut-over",
          Orders::postponed,
          System.nanoTime() + most.toNanos());
    }
  }

  private void waitWhile(String step, String reason, Predicate<Orders> ordered, long end) {
    context.events().on(new Event.Waiting(shapes.names().table(), step, reason));
    while (ordered.test(orders()) && (end == Long.MAX_VALUE || System.nanoTime() < end)) {
      requireRunning();
      if (!takeIn(PAUSE)) {
        pause();
      }
    }
  }

  void requireRunning() {
    if (orders.stop()) {
      throw failed(ErrorCode.STOPPED, "stopped by --control=stop", null);
    }
    if (context.stopped().getAsBoolean()) {
      throw failed(ErrorCode.STOPPED, "stopped on request", null);
    }
  }

  void pause() {
    requireRunning();
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw failed(ErrorCode.STOPPED, "interrupted", null);
    }
  }

  void advanced(String step, long done) {
    context
        .events()
        .on(
            new Event.StepAdvanced(
                shapes.names().table(), step, done, Math.max(done, shapes.source().rows())));
  }

  Failure failed(ErrorCode code, String detail, @Nullable Throwable cause) {
    return failed(
        code,
        detail,
        code == ErrorCode.STOPPED
            ? "Type the same command again to go on."
            : "Mend what is named, then type the same command again to go on.",
        cause);
  }

  private Failure failed(ErrorCode code, String detail, String next, @Nullable Throwable cause) {
    return new Failure(
        code,
        (shapes.leadBack() ? "go back to the old table of " : "rebuild table ")
            + shapes.names().table(),
        detail,
        shapes.leadBack()
            ? "The change stands; the old table is %s.".formatted(shapes.names().shadow())
            : "The table is as it was; %d rows are in %s."
                .formatted(state.rows(), shapes.names().shadow()),
        next,
        cause);
  }

  @Override
  public void close() {
    try (capture) {
      main.close();
    }
  }
}
