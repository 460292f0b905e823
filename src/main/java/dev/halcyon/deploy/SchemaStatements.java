package dev.halcyon.deploy;

import dev.halcyon.model.Failure;
import dev.halcyon.model.Phase;
import dev.halcyon.mysql.Catalog;
import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.Patience;
import dev.halcyon.mysql.PatientDdl;
import dev.halcyon.mysql.Session;
import dev.halcyon.plan.Step;
import dev.halcyon.progress.Events;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs schema statements so that each takes effect once, whatever becomes of the connection: before
 * each attempt the schema itself tells which of them are done.
 */
final class SchemaStatements {
  /** A statement that costs the connection this often is the cause, not the victim. */
  private static final int MOST_LOSSES = 5;

  private final WorkSession work;
  private final Patience patience;
  private final Events events;
  private final String schema;

  SchemaStatements(WorkSession work, Patience patience, Events events, String schema) {
    this.work = work;
    this.patience = patience;
    this.events = events;
    this.schema = schema;
  }

  /**
   * @return false when the schema showed that it was already true
   * @throws Failure HAL-401, 402, 403, 404 or 405
   */
  boolean run(ChangePhase at, Step.Ddl step) {
    var standing = new Standing(List.of(step.delta()));
    return untilDone(
        at,
        step,
        standing,
        (session, done) -> {
          SessionModes.apply(session, step.conditions());
          patient(session, at, step).run(step.table(), step.sql());
        });
  }

  /** As {@link #run(ChangePhase, Step.Ddl)}, for statements under one lock. */
  boolean run(ChangePhase at, Step.Locked step) {
    var standing = new Standing(step.parts().stream().map(Step.Locked.Part::delta).toList());
    return untilDone(
        at,
        step,
        standing,
        (session, done) -> {
          SessionModes.apply(session, Step.Conditions.STRICT);
          var rest = step.parts().stream().skip(done).map(Step.Locked.Part::sql).toList();
          patient(session, at, step).underWriteLock(tables(session, step, done), rest);
        });
  }

  /** As {@link #run(ChangePhase, Step.Ddl)}, for a rebuild, which finds its own way to go on. */
  boolean run(ChangePhase at, Step.Rebuild step, Runnable rebuild) {
    var standing = new Standing(List.of(step.delta()));
    return untilDone(at, step, standing, (session, done) -> rebuild.run());
  }

  /** How the schema stands to the statements of a step. */
  Map<String, String> actual(ChangePhase at, Standing standing) {
    var elements = standing.elements();
    if (elements.isEmpty()) {
      return Map.of();
    }
    var actual = work.read(session -> Catalog.elements(session, schema, elements));
    return at.phase() == Phase.CONTRACT
        ? new GoingAway(at.plan(), at.phase()).settled(standing, actual)
        : actual;
  }

  private boolean untilDone(
      ChangePhase at, Step step, Standing standing, BiConsumer<Session, Integer> attempt) {
    var most = step instanceof Step.Locked locked ? locked.parts().size() : 1;
    @Nullable Fault last = null;
    for (var losses = 0; losses < MOST_LOSSES; losses++) {
      var actual = actual(at, standing);
      var done = standing.done(actual);
      if (done.isEmpty() && amidExpansion(at, standing, actual)) {
        done = OptionalInt.of(0);
      }
      if (done.isEmpty()) {
        throw StepFailures.drift(at, at.action(step), standing.differences(actual));
      }
      if (done.getAsInt() == most) {
        return last != null;
      }
      try {
        attempt.accept(work.session(), done.getAsInt());
        return true;
      } catch (Fault.Broken | Fault.OutcomeUnknown lost) {
        work.drop();
        last = lost;
      } catch (Fault.Transient passing) {
        last = passing;
      } catch (Fault.Refused refused) {
        throw StepFailures.refused(at, step, refused);
      }
    }
    throw StepFailures.lost(at, step, MOST_LOSSES, last);
  }

  /** Whether a rollback finds its elements between two states that the expansion gives them. */
  private static boolean amidExpansion(
      ChangePhase at, Standing standing, Map<String, String> actual) {
    return at.phase() == Phase.ROLLBACK
        && standing.withinStatesOf(Standing.of(at.plan().expand()), actual);
  }

  /** Names may have changed hands when some of the statements are done. */
  private List<String> tables(Session session, Step.Locked step, int done) {
    if (done == 0) {
      return step.tables();
    }
    var there = Catalog.tables(session, schema, step.tables());
    return step.tables().stream().filter(there::containsKey).toList();
  }

  private PatientDdl patient(Session session, ChangePhase at, Step step) {
    return new PatientDdl(session, work.others(), patience, events, at.version().text(), step.id());
  }
}
