package dev.halcyon.pair;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Failure;
import dev.halcyon.model.Refusal;
import dev.halcyon.mysql.Fault;
import dev.halcyon.pair.Resumption.Standing;
import dev.halcyon.proxy.Traffic;
import dev.halcyon.proxy.Traffic.Immovable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Brings a switchover that was interrupted to an end: looks at the servers, lets {@link Resumption}
 * decide, and acts. Every act can be done again. For one thread.
 */
final class Settlement {
  private static final Duration MOVING = Duration.ofSeconds(10);
  private static final Duration EVEN = Duration.ofSeconds(1);

  private final Grips grips;
  private final PairJournal journal;
  private final Traffic traffic;
  private final PairSettings settings;

  Settlement(Grips grips, PairJournal journal, Traffic traffic, PairSettings settings) {
    this.grips = grips;
    this.journal = journal;
    this.traffic = traffic;
    this.settings = settings;
  }

  /** Where a switchover has ended. */
  sealed interface Result {
    List<String> notes();
  }

  /** It was at an end already. */
  record Nothing(List<String> notes) implements Result {}

  record Undone(List<String> notes) implements Result {}

  record Forward(List<String> notes) implements Result {}

  /**
   * @param neverOpened see {@link Standing}
   * @param reason why it is undone, if it is
   * @throws Failure HAL-725 if nobody can know; nothing was changed then
   */
  Result settle(PairRecord record, boolean neverOpened, String reason) throws InterruptedException {
    var standing =
        neverOpened
            ? new Standing(record.state(), Sight.UNSEEN, Sight.UNSEEN, false, false, true)
            : standing(record);
    return switch (Resumption.of(standing)) {
      case Resumption.Nothing() -> new Nothing(List.of());
      case Resumption.Undo() -> new Undone(undo(record, reason));
      case Resumption.RollForward() -> new Forward(rollForward(record));
      case Resumption.Refuse(String why) -> throw uncertain(record, why, null);
    };
  }

  private Standing standing(PairRecord record) {
    var from = grips.refreshed(grips.pair().member(record.from()));
    var to = grips.refreshed(grips.pair().member(record.to()));
    var fromSight = sight(from);
    var toSight = sight(to);
    boolean even =
        fromSight == Sight.CLOSED
            && toSight != Sight.UNSEEN
            && CatchUp.reached(
                to.orElseThrow().session(), CatchUp.position(from.orElseThrow().session()), EVEN);
    return new Standing(record.state(), fromSight, toSight, even, atTarget(record), false);
  }

  static Sight sight(Optional<Grip> grip) {
    if (grip.isEmpty()) {
      return Sight.UNSEEN;
    }
    try {
      return Fence.closed(grip.get().session()) ? Sight.CLOSED : Sight.OPEN;
    } catch (Fault lost) {
      return Sight.UNSEEN;
    }
  }

  private boolean atTarget(PairRecord record) {
    try {
      return traffic.status().server().equals(record.to());
    } catch (Failure | Refusal silent) {
      // A proxy that starts again looks for the writable server itself.
      return false;
    }
  }

  /** Of a switchover that has not come to hold clients: somebody else may hold them. */
  void neverHeld(PairRecord record, String reason) {
    traffic.forget();
    var _ = ScheduledEvents.start(grips.required(record.from()), Belongings.of(record).events());
    var _ = journal.writeWhereSeen(record.undone(reason));
  }

  /** The former active server is opened first; only then clients go on. */
  private List<String> undo(PairRecord record, String reason) throws InterruptedException {
    var notes = new ArrayList<String>();
    var from =
        grips
            .refreshed(grips.pair().member(record.from()))
            .orElseThrow(() -> uncertain(record, record.from() + " does not answer", null));
    try {
      if (Fence.closed(from.session())) {
        Fence.open(from.session());
      }
      Fence.unlock(from.session());
    } catch (Fault fault) {
      throw uncertain(record, record.from() + " cannot be opened: " + fault.detail(), fault);
    }
    lead(record.from(), notes);
    closeTarget(record, notes);
    notes.addAll(ScheduledEvents.start(from, Belongings.of(record).events()));
    var missed = journal.writeWhereSeen(record.undone(reason));
    missed.forEach(name -> notes.add(name + " could not be told that it was undone"));
    return notes;
  }

  /** What was taken off its fence for a moment. */
  private void closeTarget(PairRecord record, List<String> notes) {
    try {
      grips
          .refreshed(grips.pair().member(record.to()))
          .ifPresent(grip -> Fence.close(grip.session()));
    } catch (Fault | Refusal silent) {
      notes.add(record.to() + " does not answer: " + silent.getMessage());
    }
  }

  private List<String> rollForward(PairRecord record) throws InterruptedException {
    var notes = new ArrayList<String>();
    var from = grips.refreshed(grips.pair().member(record.from()));
    var to = grips.required(record.to());
    from.ifPresent(grip -> Fence.close(grip.session()));
    if (Fence.closed(to.session())) {
      var source =
          from.filter(grip -> Fence.closed(grip.session()))
              .orElseThrow(() -> uncertain(record, record.from() + " is not proven fenced", null));
      CatchUp.await(to.session(), CatchUp.position(source.session()), settings.catchUp(), () -> {});
      journal.write(to, record.in(PairState.COMMITTED));
      Fence.open(to.session());
    }
    lead(record.to(), notes);
    var events = Belongings.of(record).events();
    if (from.isPresent()) {
      notes.addAll(Leftovers.end(from.get().session()));
      // Under a read lock of our own its journal could not be written.
      Fence.unlock(from.get().session());
      ScheduledEvents.stop(from.get(), events);
    } else {
      notes.add(
          record.from()
              + " does not answer; make sure that it starts with read_only = 1, and check the pair");
    }
    notes.addAll(ScheduledEvents.start(to, events));
    journal
        .writeWhereSeen(record.in(PairState.DONE))
        .forEach(name -> notes.add(name + " could not be told that it is done"));
    return notes;
  }

  /** Held clients go on at the server, which is open; a proxy that decided itself is left alone. */
  private void lead(String server, List<String> notes) throws InterruptedException {
    for (Traffic part : EveryProxy.parts(traffic)) {
      lead(part, server, settings, notes);
    }
  }

  /** The same of one proxy. */
  static void lead(Traffic traffic, String server, PairSettings settings, List<String> notes)
      throws InterruptedException {
    try {
      var status = traffic.status();
      if (!status.server().equals(server)) {
        if (!status.held()) {
          traffic.hold(settings.lease());
        }
        if (!traffic.closeStragglers(MOVING)
            || !traffic.repoint(server, Immovable.CLOSE, MOVING).complete()) {
          notes.add("the proxy could not lead clients to " + server + " in time");
        }
      }
      if (traffic.status().held()) {
        traffic.release();
      }
      traffic.forget();
    } catch (IllegalStateException ended) {
      // The lease has ended meanwhile, and the proxy has decided by the same rule.
      notes.add("the proxy has let clients go on itself: " + ended.getMessage());
    } catch (Failure | Refusal silent) {
      notes.add(
          "what leads clients does not do so ("
              + silent.getMessage()
              + "); halcyon proxy leads them to "
              + server
              + ", the only writable server, once it answers; anything else has to be told");
    }
  }

  private static Failure uncertain(PairRecord record, String why, @Nullable Throwable cause) {
    return new Failure(
        ErrorCode.PAIR_UNCERTAIN,
        record.title(),
        why,
        "The journal says "
            + record.state().label()
            + "; clients stay held until the proxy's "
            + "own rules let them go.",
        "Bring back what does not answer, then halcyon pair abort",
        cause);
  }
}
