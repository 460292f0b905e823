package dev.halcyon.rebuild;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Failure;
import dev.halcyon.model.Refusal;
import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.Session;
import dev.halcyon.progress.Event;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Has the old table of a rebuild follow the new one until its time is over, so that a revert has
 * little to do, and tells at once of rows that stand against one. Needs no lease. Without a keeper
 * the changes wait in the server's log. For one thread.
 */
public final class Keeper {
  static final String STEP = "keep";

  private static final Duration WAIT = Duration.ofMillis(200);

  /** Changes are gathered for so long. */
  private static final Duration GATHER = Duration.ofMillis(200);

  /** How often the position is stored when nothing comes, and what did not fit is tried again. */
  private static final Duration STORE = Duration.ofSeconds(10);

  private static final Duration AGAIN = Duration.ofSeconds(1);

  private final RebuildContext context;
  private final KeeperFence fence;
  private final String table;
  private final Set<RebuildState.Unfit> told = new HashSet<>();

  /** Whether the number in the rebuild's row has been ours. */
  private boolean atWork;

  /**
   * @param context with the fence as its sessions
   */
  public Keeper(RebuildContext context, KeeperFence fence, String table) {
    this.context = context;
    this.fence = fence;
    this.table = table;
  }

  /**
   * @throws Refusal HAL-603 when no old table is kept, HAL-407 by another server, HAL-601 when
   *     another keeper is at work
   * @throws Failure HAL-404 somebody changed a table, HAL-406 the log cannot be followed, HAL-405
   *     on request, and 401 to 403
   */
  public Kept run() {
    try {
      return keep();
    } catch (Failure | Fault failure) {
      var fenced = failure instanceof Failure told && told.code() == ErrorCode.FENCED;
      // A revert renames the table too, and takes away the state.
      if (fenced || (atWork && takenOver())) {
        return new Kept(Kept.End.TAKEN_OVER, List.of());
      }
      throw failure;
    }
  }

  private Kept keep() {
    try (var session = fence.open("keep " + table)) {
      alone(session);
      var rebuilds = new RebuildTable(table, fence, context.journalWrites());
      var state =
          rebuilds
              .find(session)
              .filter(s -> s.stage() == RebuildState.Stage.KEEPING)
              .orElseThrow(() -> Revert.nothingKept(table));
      var kept = state.keep();
      if (kept == null) {
        throw Revert.nothingKept(table);
      }
      Rebuild.requirePinned(session, table, state);
      fence.hold(kept.keeper());
      var mine = state.takenOver();
      session.inTransaction(() -> rebuilds.write(session, mine));
      fence.hold(kept.keeper() + 1);
      atWork = true;
      rebuilds.begin(session);
      var now = session.first("SELECT UNIX_TIMESTAMP()").orElseThrow().longValue(1);
      var shapes = Preparation.of(session, context.schema(), state.statement()).wayBack();
      var pinned = Rebuild.pinned(context, session, table, state);
      return follow(
          pinned, shapes, rebuilds, mine, Duration.ofSeconds(Math.max(0, kept.until() - now)));
    }
  }

  /** Two keepers would shut each other out again and again. */
  private void alone(Session session) {
    var got =
        session.first(
            "SELECT GET_LOCK(CONCAT('halcyon.keep.', LEFT(SHA2(CONCAT(DATABASE(), '.', ?), 256),"
                + " 40)), 0) AS got",
            table);
    if (got.filter(row -> !row.isNull("got") && row.isTrue("got")).isEmpty()) {
      throw ErrorCode.LEASE_HELD.refuse(
          "Another run keeps the old table.", "halcyon alter --control=status");
    }
  }

  private Kept follow(
      RebuildContext pinned,
      Shapes shapes,
      RebuildTable rebuilds,
      RebuildState state,
      Duration time) {
    var end = System.nanoTime() + time.toNanos();
    try (var work = new Work(pinned, shapes, rebuilds, state)) {
      work.phase(STEP);
      context.events().on(new Event.StepStarted(table, STEP, "keep the old table of " + table, 0));
      var flushed = System.nanoTime();
      var tried = flushed;
      while (System.nanoTime() < end) {
        work.obey(STEP);
        var _ = work.capture().take(WAIT);
        var now = System.nanoTime();
        var due = now - flushed > (work.capture().isEmpty() ? STORE : GATHER).toNanos();
        if (due) {
          var _ = work.flush();
          flushed = now;
        }
        if (now - tried > AGAIN.toNanos()) {
          work.tryAgain();
          tried = now;
        }
        tell(work);
      }
      return new Kept(Kept.End.EXPIRED, unfit(work));
    }
  }

  private boolean takenOver() {
    try (var session = fence.open("keep " + table)) {
      session.inTransaction(() -> fence.fence(session));
      return false;
    } catch (Failure failure) {
      return failure.code() == ErrorCode.FENCED;
    } catch (Fault unknown) {
      return false;
    }
  }

  private void tell(Work work) {
    for (var row : work.state().unfit()) {
      if (told.add(row)) {
        context
            .events()
            .on(new Event.Note("%s cannot be reverted: %s".formatted(table, work.words(row))));
      }
    }
    told.retainAll(Set.copyOf(work.state().unfit()));
  }

  private static List<String> unfit(Work work) {
    return work.state().unfit().stream().map(work::words).toList();
  }
}
