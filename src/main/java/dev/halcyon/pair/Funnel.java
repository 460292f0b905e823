package dev.halcyon.pair;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Failure;
import dev.halcyon.model.Refusal;
import dev.halcyon.mysql.Fault;
import dev.halcyon.pair.PairRecord.Kind;
import dev.halcyon.pair.judge.Mode;
import dev.halcyon.progress.Event;
import dev.halcyon.progress.Events;
import dev.halcyon.progress.Figures;
import dev.halcyon.proxy.Traffic;
import dev.halcyon.proxy.Traffic.Immovable;
import dev.halcyon.proxy.Traffic.Moves;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * Makes an active/passive pair of a master-master one, and back. Each server has proxies whose
 * clients it serves. The funnel leads those of the one server to the other one, which serves its
 * own all the while, and fences the server that nobody is at any more; the way back opens it and
 * leads its clients home. Each time clients are held for as long as it takes the server that they
 * come to to get what they have written. For one thread.
 */
public final class Funnel {
  private static final Moves NOBODY = new Moves(true, List.of());
  private static final Duration PREPARING = Duration.ofSeconds(30);
  private static final Duration MOVING = Duration.ofSeconds(10);
  private static final Duration FOLLOWING = Duration.ofSeconds(30);
  private static final Duration LOCK_WAIT = Duration.ofSeconds(1);

  private final Pair pair;
  private final Map<String, Traffic> proxies;
  private final PairSettings settings;
  private final Events events;
  private final IntConsumer journalWrites;

  /**
   * @param proxies all there are before the pair, by name
   * @param journalWrites is told after each write of the journal how many there were
   */
  public Funnel(
      Pair pair,
      Map<String, Traffic> proxies,
      PairSettings settings,
      Events events,
      IntConsumer journalWrites) {
    this.pair = pair;
    this.proxies = new LinkedHashMap<>(proxies);
    this.settings = settings;
    this.events = events;
    this.journalWrites = journalWrites;
  }

  /**
   * All clients to one server, which is writable; the other one is fenced.
   *
   * @throws Refusal if something stands against it; clients were not held, or go on as before
   * @throws Failure HAL-724 if it was undone; HAL-725 if nobody can know where to go on
   */
  public FunnelReport to(String server) throws InterruptedException {
    try (var grips = Grips.take(pair)) {
      var journal = new PairJournal(grips, journalWrites);
      var ended = resumed(grips, journal, Kind.FUNNEL, server);
      if (ended.isPresent()) {
        return ended.get();
      }
      var target = grips.required(server);
      var left = grips.required(pair.other(target.member()));
      var places = places();
      requireReady(left, target, places);
      var belongings = new Belongings(places, ScheduledEvents.enabled(left.session()));
      var record = journal.begin(Kind.FUNNEL, Mode.UNLOGGED, "", left.member(), target.member());
      return new Attempt(grips, journal, left, target, record, belongings).run();
    }
  }

  /**
   * Clients go home to the server that a funnel has fenced, and that is the passive one by now.
   *
   * @throws Refusal if something stands against it; clients were not held, or go on as before
   * @throws Failure HAL-724 if it was undone; HAL-725 if nobody can know where to go on
   */
  public FunnelReport back() throws InterruptedException {
    try (var grips = Grips.take(pair)) {
      var journal = new PairJournal(grips, journalWrites);
      var ended = resumed(grips, journal, Kind.RETURN, "");
      if (ended.isPresent()) {
        return ended.get();
      }
      var course = Course.of(grips);
      var funnel = funnel(course);
      requireEven(course);
      ScheduledEvents.requireScheduler(course.active(), course.passive());
      var belongings = home(course, funnel);
      requireFree(belongings.at(course.active().member().name()));
      var record =
          journal.begin(
              Kind.RETURN, Mode.UNLOGGED, "", course.active().member(), course.passive().member());
      return new Attempt(grips, journal, course.active(), course.passive(), record, belongings)
          .run();
    }
  }

  /**
   * Brings one that was interrupted to its end.
   *
   * @return what became of it; empty if there was none
   */
  public Optional<String> settle() throws InterruptedException {
    try (var grips = Grips.take(pair)) {
      var journal = new PairJournal(grips, journalWrites);
      var record = journal.unfinished().filter(one -> one.kind().isFunnel());
      if (record.isEmpty()) {
        return Optional.empty();
      }
      var result = settled(grips, journal, record.get());
      return Optional.of(
          record.get().title()
              + (result.forward() ? " is done" : " was undone")
              + "; clients go on");
    }
  }

  private FunnelSettlement.Result settled(Grips grips, PairJournal journal, PairRecord record)
      throws InterruptedException {
    var result =
        new FunnelSettlement(grips, journal, proxies, settings)
            .settle(record, "the controller was gone");
    result.notes().forEach(note -> events.on(new Event.Note(note)));
    return result;
  }

  /** Empty if none was interrupted, or it was undone, so that it is to be done anew. */
  private Optional<FunnelReport> resumed(Grips grips, PairJournal journal, Kind kind, String server)
      throws InterruptedException {
    var unfinished = journal.unfinished();
    if (unfinished.isEmpty()) {
      return Optional.empty();
    }
    var record = unfinished.get();
    if (record.kind() != kind || (kind == Kind.FUNNEL && !record.to().equals(server))) {
      throw ErrorCode.PAIR_NOT_READY.refuse(
          "The " + record.title() + " is not at its end.", "Type halcyon pair abort first.");
    }
    events.on(new Event.Note("the " + record.title() + " was interrupted; looking at the servers"));
    var result = settled(grips, journal, record);
    return result.forward()
        ? Optional.of(report(record, Duration.ZERO, NOBODY, result.notes()))
        : Optional.empty();
  }

  private static FunnelReport report(
      PairRecord record, Duration pause, Moves moves, List<String> notes) {
    return new FunnelReport(
        record.from(), record.to(), Belongings.of(record).at(record.from()), pause, moves, notes);
  }

  private Map<String, String> places() {
    var places = new LinkedHashMap<String, String>();
    proxies.forEach((name, traffic) -> places.put(name, traffic.status().server()));
    return places;
  }

  private void requireReady(Grip left, Grip target, Map<String, String> places)
      throws InterruptedException {
    if (Fence.closed(target.session())) {
      throw ErrorCode.PAIR_NOT_READY.refuse(
          target.member() + " is fenced.", "To lead all clients there: halcyon pair switch");
    }
    var moved = new Belongings(places, List.of()).at(left.member().name());
    if (Fence.closed(left.session()) && moved.isEmpty()) {
      throw ErrorCode.NOTHING_TO_DO.refuse(
          "All clients are at " + target.member() + ", and " + left.member() + " is fenced.",
          "See halcyon pair status.");
    }
    requireFree(moved);
    requireEven(new Course(left, target));
    Hindrances.awaitNone(left.session(), settings.longestTransaction());
    ScheduledEvents.requireScheduler(left, target);
  }

  /** Each server follows the other one closely. */
  private void requireEven(Course course) throws InterruptedException {
    course.requireLinks(Optional.empty());
    Lag.awaitBelow(course, settings.longestLag(), FOLLOWING);
  }

  private void requireFree(List<String> moved) {
    for (String name : moved) {
      if (traffic(name).status().held()) {
        throw ErrorCode.HOLD_STATE.refuse(
            "Clients of the proxy " + name + " are held already.",
            "Wait for its end, or halcyon proxy release.");
      }
    }
  }

  private Traffic traffic(String name) {
    return Optional.ofNullable(proxies.get(name))
        .orElseThrow(
            () ->
                ErrorCode.PAIR_NOT_READY.refuse(
                    "The proxy "
                        + name
                        + " led clients when the pair was funnelled, and is not"
                        + " in pair.proxies.",
                    "Put it back into the settings."));
  }

  /** The funnel that is to be taken back. */
  private static PairRecord funnel(Course course) {
    var operations = PairTable.read(course.active().session());
    PairTable.lastChange(course.active().session())
        .filter(one -> one.kind() == Kind.EXPAND)
        .ifPresent(
            open -> {
              throw ErrorCode.PAIR_NOT_READY.refuse(
                  open.to() + " has " + open.change() + ", and the other server not.",
                  "First halcyon pair finish " + open.change() + ", or take it back.");
            });
    return operations.stream()
        .filter(one -> one.kind().isFunnel() && one.state() == PairState.DONE)
        .findFirst()
        .filter(one -> one.kind() == Kind.FUNNEL)
        .orElseThrow(
            () ->
                ErrorCode.PAIR_NOT_READY.refuse(
                    "There was no funnel to give clients back from.",
                    "halcyon pair funnel SERVER, on a pair whose servers are both writable."));
  }

  /**
   * What was at home on the passive server before the funnel. A switchover since then may have led
   * all to the other one.
   */
  private Belongings home(Course course, PairRecord funnel) {
    var active = course.active().member().name();
    var passive = course.passive().member().name();
    var before = Belongings.of(funnel);
    var places = new LinkedHashMap<String, String>();
    for (String name : before.at(passive)) {
      if (traffic(name).status().server().equals(active)) {
        places.put(name, active);
      }
    }
    var running = new ArrayList<>(ScheduledEvents.enabled(course.active().session()));
    if (funnel.from().equals(passive)) {
      running.retainAll(before.events());
    } else {
      running.removeAll(before.events());
    }
    return new Belongings(places, running);
  }

  /** One, from its first entry in the journal on. */
  private final class Attempt {
    private final Grips grips;
    private final PairJournal journal;
    private final Grip from;
    private final Grip to;
    private final Belongings belongings;
    private final boolean back;
    private final Optional<Traffic> traffic;
    private final Drain drain;
    private PairRecord record;
    private Moves moves = NOBODY;
    private Duration pause = Duration.ZERO;
    private boolean heldByOthers;

    Attempt(
        Grips grips,
        PairJournal journal,
        Grip from,
        Grip to,
        PairRecord record,
        Belongings belongings) {
      this.grips = grips;
      this.journal = journal;
      this.from = from;
      this.to = to;
      this.record = record;
      this.belongings = belongings;
      this.back = record.kind() == Kind.RETURN;
      var moved = belongings.at(from.member().name()).stream().map(Funnel.this::traffic).toList();
      this.traffic = moved.isEmpty() ? Optional.empty() : Optional.of(EveryProxy.of(moved));
      this.drain = new Drain(traffic.orElseGet(() -> EveryProxy.of(proxies.values())), settings);
    }

    FunnelReport run() throws InterruptedException {
      try {
        return forward();
      } catch (Fault | Failure | Refusal | IllegalStateException | InterruptedException failure) {
        return afterFailure(failure);
      }
    }

    /** The whole of it, from top to bottom. */
    private FunnelReport forward() throws InterruptedException {
      prepare(PREPARING);
      record = journal.write(record.in(PairState.ACTING).with(belongings.text()));
      sleepEvents();
      hold();
      if (back) {
        open();
      } else {
        fence();
      }
      move();
      var notes = tidied();
      moves
          .exceptions()
          .forEach(
              one ->
                  notes.add(
                      "session %d of %s at %s was closed: %s"
                          .formatted(one.connectionId(), one.user(), one.client(), one.reason())));
      events.on(
          new Event.Note(
              "clients of %s go on at %s after %s"
                  .formatted(from.member(), to.member(), Figures.duration(pause))));
      return report(record, pause, moves, notes);
    }

    private void prepare(Duration patience) throws InterruptedException {
      if (traffic.isPresent()) {
        drain.requireMovable(traffic.get().prepare(to.member().name(), patience));
      }
    }

    private void sleepEvents() throws InterruptedException {
      if (!belongings.events().isEmpty()) {
        ScheduledEvents.stop(from, belongings.events());
        if (!back) {
          Hindrances.awaitNone(from.session(), settings.longestTransaction());
        }
      }
    }

    private void hold() throws InterruptedException {
      if (traffic.isPresent()) {
        try {
          traffic.get().hold(settings.lease());
        } catch (IllegalStateException others) {
          neverHeld();
          throw others;
        }
        drain.await();
        prepare(MOVING);
        renew();
      }
    }

    /** What others hold must not be released. */
    private void neverHeld() {
      heldByOthers = true;
      traffic.ifPresent(Traffic::forget);
      var _ = ScheduledEvents.start(from, belongings.events());
      var _ = journal.writeWhereSeen(record.undone("clients were held by somebody else"));
    }

    private void renew() {
      traffic.ifPresent(one -> one.renew(settings.lease()));
    }

    private void requireHeld() {
      if (traffic.isPresent() && !traffic.get().status().drained()) {
        throw new IllegalStateException("the hold has ended: the controller was too slow");
      }
    }

    /** The server that clients leave, as a switchover does it; the other one is open all along. */
    private void fence() throws InterruptedException {
      from.session().setLockWait(LOCK_WAIT);
      Fence.lock(from.session());
      requireHeld();
      Fence.close(from.session());
      requireHeld();
      var own = OwnTransactions.of(from.session());
      awaitFollower();
      if (!OwnTransactions.of(from.session()).equals(own) || !Fence.closed(from.session())) {
        throw ErrorCode.PAIR_NOT_READY.refuse(
            from.member() + " still writes to its log although it is fenced.",
            "Find out who may write in spite of read_only, and take that right away.");
      }
      record = record.in(PairState.COMMITTED);
      var _ = journal.write(to, record);
    }

    /** The server that clients come to; the one that they leave stays open for the others. */
    private void open() throws InterruptedException {
      awaitFollower();
      requireHeld();
      record = journal.write(record.in(PairState.COMMITTED));
      Fence.open(to.session());
      Heartbeat.of(to.session()).beat();
    }

    /** What the held clients have written is there, too. */
    private void awaitFollower() throws InterruptedException {
      OwnTransactions.awaitOn(to.session(), from.session(), settings.catchUp(), this::renew);
    }

    private void move() throws InterruptedException {
      if (traffic.isEmpty()) {
        return;
      }
      renew();
      var target = to.member().name();
      moves = traffic.get().repoint(target, settings.policy(), MOVING);
      if (!moves.complete()) {
        moves = traffic.get().repoint(target, Immovable.CLOSE, MOVING);
      }
      if (!moves.complete()) {
        throw new IllegalStateException("clients could not be moved: " + moves.obstacle());
      }
      pause = traffic.get().status().heldFor();
      traffic.get().release();
    }

    private List<String> tidied() {
      var notes = new ArrayList<String>();
      if (!back) {
        notes.addAll(Leftovers.end(from.session()));
        Fence.unlock(from.session());
      }
      notes.addAll(ScheduledEvents.start(to, belongings.events()));
      record = journal.write(record.in(PairState.DONE));
      return notes;
    }

    private FunnelReport afterFailure(Exception failure) throws InterruptedException {
      if (heldByOthers) {
        throw ErrorCode.HOLD_STATE.refuse(
            "Clients are held already.", "Wait for its end, or halcyon proxy release.");
      }
      FunnelSettlement.Result result;
      try {
        result =
            new FunnelSettlement(grips, journal, proxies, settings)
                .settle(record, String.valueOf(failure.getMessage()));
      } catch (RuntimeException second) {
        second.addSuppressed(failure);
        throw second;
      }
      result.notes().forEach(note -> events.on(new Event.Note(note)));
      if (result.forward()) {
        return report(
            record,
            pause,
            moves,
            List.of("it met with a failure once clients were led: " + failure.getMessage()));
      }
      throw undone(failure);
    }

    private RuntimeException undone(Exception failure) throws InterruptedException {
      events.on(new Event.Note("undone: clients go on as before"));
      return new Undone(
              record.title(), "Clients go on as before.", "Mend that, then type the same again")
          .of(failure);
    }
  }
}
