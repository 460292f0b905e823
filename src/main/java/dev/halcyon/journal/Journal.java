package dev.halcyon.journal;

import dev.halcyon.model.ChangeState;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Failure;
import dev.halcyon.model.Phase;
import dev.halcyon.model.Version;
import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.Session;
import dev.halcyon.plan.Plan;
import dev.halcyon.plan.Step;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Durable progress of one run. Every write is a transaction that holds the lease's row, so a run
 * that has lost its lease writes nothing. Every write may be repeated, so a lost connection or a
 * lost reply is answered by doing it again on a new session, for as long as the lease's patience.
 *
 * <p>For one thread at a time, except {@link #checkpoint}, which is for the thread of the session
 * it is given.
 */
public final class Journal implements AutoCloseable {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final Lease lease;
  private final String who;
  private final IntConsumer afterWrite;
  private final AtomicInteger writes = new AtomicInteger();
  private @Nullable Session session;

  /**
   * @param who for the version tables: user and host
   * @param afterWrite is told after each write how many there were
   */
  public Journal(Lease lease, String who, IntConsumer afterWrite) {
    this.lease = lease;
    this.who = who;
    this.afterWrite = afterWrite;
  }

  /** Reads on this journal's own session, as often repeated as a write. */
  public <T> T read(Function<JournalReader, T> question) {
    return ask(s -> question.apply(new JournalReader(s)));
  }

  /** As {@link #read}, of tables that other parts of the run keep. */
  public <T> T ask(Function<Session, T> question) {
    return persist("read the journal", question);
  }

  /** The change begins to expand: its plan and all its steps are stored together. */
  public void store(Plan plan, String planText) {
    var version = plan.version().text();
    write(
        s -> {
          s.update("DELETE FROM halcyon_step WHERE version = ?", version);
          s.update("DELETE FROM halcyon_contract_version WHERE version = ?", version);
          s.update("DELETE FROM halcyon_expand_version WHERE version = ?", version);
          s.update(
              """
              INSERT INTO halcyon_expand_version (version, description, file_checksum, plan,
                plan_checksum, state, fence, planned_at, changed_at, who)
              VALUES (?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), ?)
              """,
              version,
              plan.description(),
              plan.fileChecksum(),
              planText,
              Hash.of(planText),
              ChangeState.EXPANDING.label(),
              lease.token(),
              who);
          for (var phase : Phase.values()) {
            insertSteps(s, version, phase, plan.steps(phase));
          }
        });
  }

  /** The expansion is in this state now; the times follow from it. */
  public void expansion(Version version, ChangeState state) {
    var time =
        switch (state) {
          case EXPANDED -> ", expanded_at = COALESCE(expanded_at, UTC_TIMESTAMP(6))";
          case VERIFIED -> ", verified_at = UTC_TIMESTAMP(6)";
          case ROLLED_BACK -> ", rolled_back_at = UTC_TIMESTAMP(6)";
          case PENDING, EXPANDING, CONTRACTING, CONTRACTED, FAILED -> "";
        };
    write(s -> setExpansion(s, version, state, time));
  }

  /**
   * The contract begins, or goes on.
   *
   * @param gateOverride why a closed gate was passed, null when all were open
   */
  public void contractBegins(Version version, @Nullable String gateOverride) {
    write(
        s ->
            s.update(
                """
                INSERT INTO halcyon_contract_version (version, state, gate_override, fence,
                  started_at, changed_at, who)
                VALUES (?, ?, ?, ?, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), ?)
                ON DUPLICATE KEY UPDATE state = VALUES(state), fence = VALUES(fence),
                  gate_override = COALESCE(VALUES(gate_override), gate_override),
                  changed_at = VALUES(changed_at), who = VALUES(who)
                """,
                version.text(),
                ChangeState.CONTRACTING.label(),
                gateOverride,
                lease.token(),
                who));
  }

  /** The contract has ended. */
  public void contracted(Version version) {
    write(s -> setContract(s, version, ChangeState.CONTRACTED));
  }

  /** A step is about to act. Its checkpoint, if it has one, stays. */
  public void started(Version version, String stepId) {
    write(
        s ->
            s.update(
                "UPDATE halcyon_step SET state = 'started', error = NULL, finished_at = NULL,"
                    + " started_at = UTC_TIMESTAMP(6), revision = revision + 1"
                    + " WHERE version = ? AND step_id = ?",
                version.text(),
                stepId));
  }

  /** A step has ended well. */
  public void finished(Version version, String stepId, long rowsDone) {
    write(s -> setFinished(s, version, stepId, rowsDone));
  }

  /** How far a step has come; locks the answer until the end of the session's transaction. */
  public Optional<String> checkpoint(Session inTransaction, Version version, String stepId) {
    return inTransaction
        .first(
            "SELECT checkpoint FROM halcyon_step WHERE version = ? AND step_id = ? FOR UPDATE",
            version.text(),
            stepId)
        .filter(row -> !row.isNull("checkpoint"))
        .map(row -> row.string("checkpoint"));
  }

  /**
   * How far a step has come, to be committed with the transaction that the session is in. Call it
   * last before the commit.
   *
   * @throws Failure HAL-602 when the lease is lost
   */
  public void checkpoint(
      Session inTransaction,
      Version version,
      Phase phase,
      String stepId,
      String checkpoint,
      long rowsDone) {
    lease.fence(inTransaction);
    inTransaction.update(
        "UPDATE halcyon_step SET checkpoint = ?, rows_done = ?, revision = revision + 1"
            + " WHERE version = ? AND phase = ? AND step_id = ?",
        checkpoint,
        rowsDone,
        version.text(),
        phase.label(),
        stepId);
    told();
  }

  /** A step has found rows that differ; its change stands as it is. */
  public void mismatch(Version version, String stepId, String found) {
    write(s -> setFailed(s, version, stepId, found));
  }

  /** A step has failed, and its change with it. */
  public void failed(Version version, Phase phase, String stepId, String error) {
    write(
        s -> {
          setFailed(s, version, stepId, error);
          if (phase == Phase.CONTRACT) {
            setContract(s, version, ChangeState.FAILED);
          } else {
            setExpansion(s, version, ChangeState.FAILED, "");
          }
        });
  }

  /** A repeatable file was applied. */
  public void applied(String name, String checksum) {
    write(
        s ->
            s.update(
                "INSERT INTO halcyon_repeatable (name, checksum, applied_at)"
                    + " VALUES (?, ?, UTC_TIMESTAMP(6)) ON DUPLICATE KEY UPDATE"
                    + " checksum = VALUES(checksum), applied_at = VALUES(applied_at)",
                name,
                checksum));
  }

  /** Changes that another tool applied count as contracted from now on, all at once. */
  public void baseline(List<BaselineRecord> changes) {
    write(s -> changes.forEach(change -> insertBaseline(s, change)));
  }

  @Override
  public void close() {
    drop();
  }

  private void insertBaseline(Session s, BaselineRecord change) {
    s.update(
        """
        INSERT INTO halcyon_expand_version (version, description, file_checksum, state, source,
          fence, planned_at, expanded_at, changed_at, who)
        VALUES (?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), ?)
        ON DUPLICATE KEY UPDATE source = source
        """,
        change.version().text(),
        change.description(),
        change.checksum(),
        ChangeState.VERIFIED.label(),
        change.source(),
        lease.token(),
        who);
    s.update(
        """
        INSERT INTO halcyon_contract_version (version, state, fence, started_at, contracted_at,
          changed_at, who)
        VALUES (?, ?, ?, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), ?)
        ON DUPLICATE KEY UPDATE state = state
        """,
        change.version().text(),
        ChangeState.CONTRACTED.label(),
        lease.token(),
        who);
  }

  private void insertSteps(Session s, String version, Phase phase, List<Step> steps) {
    for (var i = 0; i < steps.size(); i++) {
      var step = steps.get(i);
      s.update(
          "INSERT INTO halcyon_step (version, phase, ordinal, step_id, title, statement_hash,"
              + " state, rows_done, revision) VALUES (?, ?, ?, ?, ?, ?, 'pending', 0, 0)",
          version,
          phase.label(),
          i,
          step.id(),
          step.title(),
          Hash.of(step.toString()));
    }
  }

  private void setFinished(Session s, Version version, String stepId, long rowsDone) {
    s.update(
        "UPDATE halcyon_step SET state = 'finished', error = NULL, rows_done = ?,"
            + " finished_at = UTC_TIMESTAMP(6), revision = revision + 1"
            + " WHERE version = ? AND step_id = ?",
        rowsDone,
        version.text(),
        stepId);
  }

  private void setFailed(Session s, Version version, String stepId, String error) {
    s.update(
        "UPDATE halcyon_step SET state = 'failed', error = ?, revision = revision + 1"
            + " WHERE version = ? AND step_id = ?",
        error,
        version.text(),
        stepId);
  }

  private void setExpansion(Session s, Version version, ChangeState state, String time) {
    s.update(
        "UPDATE halcyon_expand_version SET state = ?, fence = ?, who = ?,"
            + " changed_at = UTC_TIMESTAMP(6)"
            + time
            + " WHERE version = ?",
        state.label(),
        lease.token(),
        who,
        version.text());
  }

  private void setContract(Session s, Version version, ChangeState state) {
    var time = state == ChangeState.CONTRACTED ? ", contracted_at = UTC_TIMESTAMP(6)" : "";
    s.update(
        "UPDATE halcyon_contract_version SET state = ?, fence = ?, who = ?,"
            + " changed_at = UTC_TIMESTAMP(6)"
            + time
            + " WHERE version = ?",
        state.label(),
        lease.token(),
        who,
        version.text());
  }

  /**
   * The one place that every write passes, those of other durable parts of the run too.
   *
   * @param statements may be run again
   */
  public void write(Consumer<Session> statements) {
    persist(
        "write the journal",
        s ->
            s.inTransaction(
                () -> {
                  lease.fence(s);
                  statements.accept(s);
                  return true;
                }));
    told();
  }

  /** Another durable part of the run has been written, and counts as a write of the journal. */
  public void told() {
    afterWrite.accept(writes.incrementAndGet());
  }

  private <T> T persist(String action, Function<Session, T> work) {
    var end = System.nanoTime() + lease.times().patience().toNanos();
    var pause = FIRST_PAUSE;
    while (true) {
      lease.check();
      try {
        return work.apply(session());
      } catch (Fault.Refused refused) {
        throw failure(action, refused);
      } catch (Fault fault) {
        if (!(fault instanceof Fault.Transient)) {
          drop();
        }
        if (System.nanoTime() > end) {
          throw failure(action, fault);
        }
        sleep(pause);
        pause =
            pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
                ? pause.multipliedBy(2)
                : LONGEST_PAUSE;
      }
    }
  }

  private Session session() {
    var current = session;
    if (current == null) {
      current = lease.open("journal");
      session = current;
    }
    return current;
  }

  private void drop() {
    if (session != null) {
      lease.close(session);
      session = null;
    }
  }

  private static Failure failure(String action, Fault fault) {
    var code = fault instanceof Fault.Refused ? ErrorCode.STEP_FAILED : ErrorCode.CONNECTION_LOST;
    return new Failure(
        code,
        action,
        fault.detail(),
        "What was done so far is in the journal; nothing more was begun.",
        "halcyon status",
        fault);
  }

  private static void sleep(Duration time) {
    try {
      TimeUnit.NANOSECONDS.sleep(time.toNanos());
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the server", interruption);
    }
  }
}
