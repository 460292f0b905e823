package dev.halcyon.pair;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Failure;
import dev.halcyon.model.Refusal;
import dev.halcyon.mysql.Fault;
import dev.halcyon.pair.judge.Mode;
import dev.halcyon.progress.Event;
import dev.halcyon.progress.Events;
import dev.halcyon.progress.Figures;
import dev.halcyon.proxy.Traffic;
import dev.halcyon.proxy.Traffic.Immovable;
import dev.halcyon.proxy.Traffic.Moves;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * Leads all clients from the active server of a pair to the passive one. Until the point of no
 * return every failure opens the active server again and lets clients go on there; from it on there
 * is only the way forward. Whoever runs it after one that died brings that one to its end first.
 *
 * <p>For one thread; another controller of the same pair is refused by the servers' lock.
 */
public final class Switchover {
  private static final Duration PREPARING = Duration.ofSeconds(30);
  private static final Duration MOVING = Duration.ofSeconds(10);

  /** Nobody is held meanwhile. */
  private static final Duration FOLLOWING = Duration.ofSeconds(30);

  /** The servers count whole seconds. */
  private static final Duration LOCK_WAIT = Duration.ofSeconds(1);

  private final Pair pair;
  private final Traffic traffic;
  private final PairSettings settings;
  private final Events events;
  private final IntConsumer journalWrites;

  /**
   * @param journalWrites is told after each write of the journal how many there were
   */
  public Switchover(
      Pair pair, Traffic traffic, PairSettings settings, Events events, IntConsumer journalWrites) {
    this.pair = pair;
    this.traffic = traffic;
    this.settings = settings;
    this.events = events;
    this.journalWrites = journalWrites;
  }

  /**
   * To the passive server, whichever that is.
   *
   * @throws Refusal if something stands against it; clients were not held, or go on as before
   * @throws Failure HAL-724 if it was undone; HAL-725 if nobody can know where to go on
   */
  public SwitchReport next() throws InterruptedException {
    return run(false);
  }

  /**
   * As {@link #next}, if the passive server is the one that the last switchover has left.
   *
   * @throws Refusal HAL-721 if it is not
   */
  public SwitchReport back() throws InterruptedException {
    return run(true);
  }

  /**
   * Brings a switchover that was interrupted to its end.
   *
   * @return what became of it; empty if there was none
   */
  public Optional<String> settle() throws InterruptedException {
    try (var grips = Grips.take(pair)) {
      var journal = new PairJournal(grips, journalWrites);
      var record = journal.unfinished();
      if (record.isEmpty() || record.get().kind() != PairRecord.Kind.SWITCH) {
        return Optional.empty();
      }
      var result =
          new Settlement(grips, journal, traffic, settings)
              .settle(record.get(), false, "asked to abort");
      var outcome =
          switch (result) {
            case Settlement.Nothing _, Settlement.Undone _ ->
                "was undone; " + record.get().from() + " is the active server";
            case Settlement.Forward _ ->
                "was past its point of no return and is done; "
                    + record.get().to()
                    + " is the active server";
          };
      result.notes().forEach(note -> events.on(new Event.Note(note)));
      return Optional.of(record.get().title() + " " + outcome);
    }
  }

  private SwitchReport run(boolean back) throws InterruptedException {
    try (var grips = Grips.take(pair)) {
      var journal = new PairJournal(grips, journalWrites);
      var settlement = new Settlement(grips, journal, traffic, settings);
      var unfinished = journal.unfinished();
      if (unfinished.isPresent()) {
        var ended = resume(unfinished.get(), settlement);
        if (ended.isPresent()) {
          return ended.get();
        }
      }
      var course = Course.of(grips);
      requireReady(course, back);
      var record =
          journal.begin(
              PairRecord.Kind.SWITCH,
              Mode.UNLOGGED,
              "",
              course.active().member(),
              course.passive().member());
      return new Attempt(course, journal, settlement, record).run();
    }
  }

  /** Empty if it was undone, so that it is to be done anew. */
  private Optional<SwitchReport> resume(PairRecord record, Settlement settlement)
      throws InterruptedException {
    if (record.kind() != PairRecord.Kind.SWITCH) {
      throw ErrorCode.PAIR_NOT_READY.refuse(
          "The " + record.title() + " is not at its end.",
          record.kind().isChange()
              ? "Type halcyon pair %s %s first, or give it up: halcyon pair abort"
                  .formatted(record.kind().label(), record.change())
              : "Type halcyon pair abort first.");
    }
    events.on(new Event.Note("the " + record.title() + " was interrupted; looking at the servers"));
    var result = settlement.settle(record, false, "the controller was gone");
    return switch (result) {
      case Settlement.Nothing _, Settlement.Undone _ -> {
        result.notes().forEach(note -> events.on(new Event.Note(note)));
        yield Optional.empty();
      }
      case Settlement.Forward(List<String> notes) ->
          Optional.of(SwitchReport.resumed(record, notes));
    };
  }

  /** Everything that can be known before clients are held. */
  private void requireReady(Course course, boolean back) throws InterruptedException {
    var open = LoggedMode.open(course.active().session());
    requireFollowing(course, open);
    course.requireLinks(open);
    if (back) {
      requireWayBack(course);
    }
    var status = traffic.status();
    if (!status.server().equals(course.active().member().name())) {
      throw ErrorCode.PAIR_NOT_READY.refuse(
          "Clients are led to "
              + status.server()
              + ", but "
              + course.active().member()
              + " is the writable server.",
          "Mend that with halcyon proxy hold and repoint, or in what you have in its place.");
    }
    if (status.held()) {
      throw ErrorCode.HOLD_STATE.refuse(
          "Clients are held already.", "Wait for its end, or halcyon proxy release.");
    }
    ScheduledEvents.requireScheduler(course.active(), course.passive());
    Lag.awaitBelow(course, settings.longestLag(), FOLLOWING);
    Hindrances.awaitNone(course.active().session(), settings.longestTransaction());
    // What the fence will ask for, tried while nobody waits for it.
    CatchUp.await(
        course.passive().session(),
        CatchUp.position(course.active().session()),
        settings.catchUp(),
        () -> {});
  }

  /** Who applies nothing until it has a change cannot be the active server before. */
  private static void requireFollowing(Course course, Optional<PairRecord> open) {
    open.filter(record -> record.from().equals(course.passive().member().name()))
        .ifPresent(
            record -> {
              throw ErrorCode.PAIR_NOT_READY.refuse(
                  "%s is logged, and %s applies nothing of %s until it has it."
                      .formatted(record.change(), record.from(), record.to()),
                  "halcyon pair finish " + record.change());
            });
  }

  private static void requireWayBack(Course course) {
    var passive = course.passive().member().name();
    var left =
        PairTable.read(course.active().session()).stream()
            .filter(one -> one.kind() == PairRecord.Kind.SWITCH && one.state() == PairState.DONE)
            .findFirst()
            .map(PairRecord::from);
    if (left.isEmpty() || !left.get().equals(passive)) {
      throw ErrorCode.PAIR_NOT_READY.refuse(
          left.isEmpty()
              ? "There was no switchover to go back from."
              : "The last switchover has left " + left.get() + ", where clients are by now.",
          "To switch to " + passive + " all the same: halcyon pair switch");
    }
  }

  /** One switchover, from its first entry in the journal on. */
  private final class Attempt {
    private final PairJournal journal;
    private final Settlement settlement;
    private final Grip from;
    private final Grip to;
    private final Heartbeat canary;
    private PairRecord record;
    private boolean opened;

    Attempt(Course course, PairJournal journal, Settlement settlement, PairRecord record) {
      this.journal = journal;
      this.settlement = settlement;
      this.from = course.active();
      this.to = course.passive();
      this.canary = Heartbeat.of(to.session());
      this.record = record;
    }

    SwitchReport run() throws InterruptedException {
      try {
        return forward();
      } catch (Fault | Failure | Refusal | IllegalStateException | InterruptedException failure) {
        return afterFailure(failure);
      }
    }

    /** The whole of it, from top to bottom. */
    private SwitchReport forward() throws InterruptedException {
      var target = to.member().name();
      var drain = new Drain(traffic, settings);
      drain.requireMovable(traffic.prepare(target, PREPARING));
      events();
      long began = System.nanoTime();
      hold();
      drain.await();
      long gathered = System.nanoTime() - traffic.status().allHeldFor().toNanos();
      long drained = System.nanoTime();
      drain.requireMovable(traffic.prepare(target, MOVING));
      fence();
      commit();
      long applied = System.nanoTime();
      var moves = move(target);
      long repointed = System.nanoTime();
      traffic.release();
      var notes = new ArrayList<>(tidied());
      moves
          .exceptions()
          .forEach(
              one ->
                  notes.add(
                      "session %d of %s at %s was closed: %s"
                          .formatted(one.connectionId(), one.user(), one.client(), one.reason())));
      var report =
          new SwitchReport(
              from.member().name(),
              target,
              Duration.ofNanos(gathered - began),
              Duration.ofNanos(drained - gathered),
              Duration.ofNanos(applied - drained),
              Duration.ofNanos(repointed - applied),
              moves,
              notes);
      events.on(
          new Event.Note(
              "clients go on at " + target + " after " + Figures.duration(report.pause())));
      return report;
    }

    /** They sleep from here on, on both servers, until clients go on. */
    private void events() throws InterruptedException {
      var running = ScheduledEvents.enabled(from.session());
      record =
          journal.write(record.in(PairState.ACTING).with(new Belongings(Map.of(), running).text()));
      if (!running.isEmpty()) {
        ScheduledEvents.stop(from, running);
        Hindrances.awaitNone(from.session(), settings.longestTransaction());
      }
    }

    private void hold() {
      try {
        traffic.hold(settings.lease());
      } catch (IllegalStateException others) {
        settlement.neverHeld(record, "clients were held by somebody else");
        throw ErrorCode.HOLD_STATE.refuse(
            "Clients are held already.", "Wait for its end, or halcyon proxy release.");
      }
    }

    /**
     * The read lock first: it can be taken back without an error for anybody. Clients are certain
     * to be held still when the fence stands, or it is taken back under the lock.
     */
    private void fence() {
      traffic.renew(settings.lease());
      from.session().setLockWait(LOCK_WAIT);
      Fence.lock(from.session());
      requireHeld();
      Fence.close(from.session());
      requireClosed();
      requireHeld();
      var position = CatchUp.position(from.session());
      CatchUp.await(
          to.session(), position, settings.catchUp(), () -> traffic.renew(settings.lease()));
      if (!CatchUp.position(from.session()).equals(position)) {
        throw ErrorCode.PAIR_NOT_READY.refuse(
            from.member() + " still writes to its log although it is fenced.",
            "Find out who may write in spite of read_only, and take that right away.");
      }
    }

    private void requireHeld() {
      if (!traffic.status().drained()) {
        throw new IllegalStateException("the hold has ended: the controller was too slow");
      }
    }

    private void requireClosed() {
      if (!Fence.closed(from.session())) {
        throw new IllegalStateException(from.member() + " is still writable");
      }
    }

    /**
     * The point of no return. The journal of the fenced server, under the lock, cannot be written.
     */
    private void commit() {
      requireClosed();
      record = journal.writeOpening(to, record.in(PairState.COMMITTED));
      opened = true;
      Fence.open(to.session());
      canary.beat();
    }

    private Moves move(String target) throws InterruptedException {
      traffic.renew(settings.lease());
      var moves = traffic.repoint(target, settings.policy(), MOVING);
      if (!moves.complete()) {
        moves = traffic.repoint(target, Immovable.CLOSE, MOVING);
      }
      if (!moves.complete()) {
        throw new IllegalStateException("clients could not be moved: " + moves.obstacle());
      }
      return moves;
    }

    /** Clients go on by now; what remains of the old server's own is ended, then its lock. */
    private List<String> tidied() {
      var notes = new ArrayList<>(Leftovers.end(from.session()));
      Fence.unlock(from.session());
      notes.addAll(ScheduledEvents.start(to, Belongings.of(record).events()));
      record = journal.write(record.in(PairState.DONE));
      return notes;
    }

    private SwitchReport afterFailure(Exception failure) throws InterruptedException {
      if (failure instanceof Refusal refusal && isHeldByOthers(refusal)) {
        throw refusal;
      }
      var result = settled(failure);
      return switch (result) {
        case Settlement.Forward(List<String> notes) -> {
          var all = new ArrayList<String>();
          all.add("it met with a failure past its point of no return: " + failure.getMessage());
          all.addAll(notes);
          yield SwitchReport.resumed(record, all);
        }
        case Settlement.Nothing _, Settlement.Undone _ -> throw undone(failure, result.notes());
      };
    }

    private static boolean isHeldByOthers(Refusal refusal) {
      return refusal.findings().getFirst().code().equals(ErrorCode.HOLD_STATE.code());
    }

    private Settlement.Result settled(Exception failure) throws InterruptedException {
      try {
        return settlement.settle(record, !opened, String.valueOf(failure.getMessage()));
      } catch (RuntimeException second) {
        second.addSuppressed(failure);
        throw second;
      }
    }

    private RuntimeException undone(Exception failure, List<String> notes)
        throws InterruptedException {
      notes.forEach(note -> events.on(new Event.Note(note)));
      events.on(
          new Event.Note("undone: clients go on at " + from.member() + ", which is writable"));
      return new Undone(
              record.title(),
              from.member() + " is the active server as before; clients go on there.",
              "Mend that, then halcyon pair switch")
          .of(failure);
    }
  }
}
