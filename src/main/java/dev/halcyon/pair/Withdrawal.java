package dev.halcyon.pair;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.mysql.Link;
import dev.halcyon.mysql.Session;
import dev.halcyon.pair.PairRecord.Kind;
import dev.halcyon.pair.judge.Mode;
import dev.halcyon.progress.Event;
import dev.halcyon.progress.Events;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/**
 * Gives up a change of one server that does not come to its end, so that the pair is as before it.
 * That is so only if the server has, by its own words, the shape that it had; what has taken effect
 * is never taken back by guess. Can be done again at any moment. For one thread.
 */
public final class Withdrawal {
  private static final Duration STARTING = Duration.ofSeconds(5);
  private static final Duration LOOK = Duration.ofMillis(50);

  private final Pair pair;
  private final Events events;
  private final IntConsumer journalWrites;

  /**
   * @param journalWrites is told after each write of the journal how many there were
   */
  public Withdrawal(Pair pair, Events events, IntConsumer journalWrites) {
    this.pair = pair;
    this.events = events;
    this.journalWrites = journalWrites;
  }

  /**
   * Also gives up a change that one server has and the other one not yet, once it was taken back by
   * hand.
   *
   * @return what became of it; empty if no change is under way, or another operation is
   * @throws dev.halcyon.model.Refusal HAL-721 with what to do if some of it has taken effect
   */
  public Optional<String> withdraw() throws InterruptedException {
    try (var grips = Grips.take(pair)) {
      var journal = new PairJournal(grips, journalWrites);
      var unfinished = journal.unfinished();
      if (unfinished.isPresent()) {
        return unfinished.get().kind().isChange()
            ? Optional.of(givenUp(grips, journal, unfinished.get()))
            : Optional.empty();
      }
      var open = open(grips);
      return open.isPresent()
          ? Optional.of(takenBack(grips, journal, open.get()))
          : Optional.empty();
    }
  }

  /** An expansion that has come to its end, and is not finished on the other server. */
  private static Optional<PairRecord> open(Grips grips) {
    return PairTable.lastChange(grips.required(grips.pair().first()).session())
        .filter(record -> record.kind() == Kind.EXPAND);
  }

  private String givenUp(Grips grips, PairJournal journal, PairRecord record)
      throws InterruptedException {
    var changed = grips.required(record.to());
    SortedMap<String, String> shape;
    try (var session = changed.member().openPatient("abort")) {
      endOlderRun(session, record);
      shape = SchemaPrint.parts(session);
    }
    boolean asBefore = asBefore(grips, record, shape);
    if (!asBefore && record.mode() == Mode.LOGGED) {
      throw refusal(grips, record, shape); // what it has logged is not to reach the other server
    }
    passOver(grips, record);
    restore(grips, changed);
    if (!asBefore) {
      throw refusal(grips, record, shape);
    }
    journal.write(record.undone("given up"));
    return record.title()
        + " was given up; "
        + record.to()
        + (record.kind() == Kind.EXPAND ? " is as it was" : " is without " + record.change());
  }

  /** Of a logged change that has no effect any more nothing is to be executed elsewhere. */
  private static void passOver(Grips grips, PairRecord record) {
    if (record.mode() != Mode.LOGGED || record.kind() != Kind.EXPAND) {
      return;
    }
    var changed = grips.required(record.to()).session();
    if (!Fence.closed(changed)) {
      throw ErrorCode.PAIR_NOT_READY.refuse(
          "%s is the active server by now, and %s lacks all that was written there."
              .formatted(record.to(), record.from()),
          "halcyon pair finish " + record.change());
    }
    LoggedMode.passOver(grips.required(record.from()).session(), changed);
  }

  private String takenBack(Grips grips, PairJournal journal, PairRecord record)
      throws InterruptedException {
    var shape = SchemaPrint.parts(grips.required(record.to()).session());
    if (!SchemaPrint.of(shape).equals(ChangeProgress.of(record).first())) {
      throw ErrorCode.NOTHING_TO_DO.refuse(
          "Nothing was interrupted; " + record.to() + " has " + record.change() + ".",
          "Go on with halcyon pair switch, then halcyon pair finish "
              + record.change()
              + "; or take it back: "
              + byHand(record));
    }
    passOver(grips, record);
    if (record.mode() == Mode.LOGGED) {
      restore(grips, grips.required(record.to()));
    }
    journal.write(record.undone("taken back by hand"));
    return record.title() + " was taken back";
  }

  /** Nobody else of ours is alive: we have the pair's lock. */
  private void endOlderRun(Session session, PairRecord record) {
    do {
      var holder = ChangeLock.holder(session);
      if (holder.isPresent()) {
        events.on(
            new Event.Waiting(
                record.change(), "abort", "the end of a statement of an earlier run"));
        var _ = session.kill(holder.getAsLong());
      }
    } while (!ChangeLock.take(session));
  }

  /** What the change has taken off the fence, and replication that was stopped. */
  private void restore(Grips grips, Grip changed) throws InterruptedException {
    if (Fence.closed(changed.session())) {
      Fence.close(changed.session());
    }
    for (var member : grips.pair().members()) {
      var session = grips.required(member).session();
      if (!running(session)) {
        Link.start(session);
        awaitRunning(member, session);
      }
    }
  }

  private void awaitRunning(Member member, Session session) throws InterruptedException {
    long end = System.nanoTime() + STARTING.toNanos();
    while (!running(session)) {
      if (System.nanoTime() > end) {
        Link.into(session).stream()
            .filter(link -> !link.running())
            .forEach(
                link ->
                    events.on(
                        new Event.Note(
                            "replication from %s to %s does not run: %s"
                                .formatted(link.source(), member, link.error()))));
        return;
      }
      TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
    }
  }

  private static boolean running(Session session) {
    return Link.into(session).stream().allMatch(Link::running);
  }

  private static boolean asBefore(Grips grips, PairRecord record, SortedMap<String, String> shape) {
    return switch (record.state()) {
      case PREPARING -> true;
      case ACTING ->
          SchemaPrint.of(shape).equals(ChangeProgress.of(record).first())
              || (record.kind() == Kind.EXPAND && shape.equals(other(grips, record)));
      // One of the servers knows of its end.
      case COMMITTED, DONE, UNDONE -> false;
    };
  }

  private static SortedMap<String, String> other(Grips grips, PairRecord record) {
    return SchemaPrint.parts(grips.required(record.from()).session());
  }

  private static RuntimeException refusal(
      Grips grips, PairRecord record, SortedMap<String, String> shape) {
    var theirs = other(grips, record);
    var names = new TreeSet<String>();
    names.addAll(shape.keySet());
    names.addAll(theirs.keySet());
    names.removeIf(name -> shape.containsKey(name) && shape.get(name).equals(theirs.get(name)));
    return ErrorCode.PAIR_NOT_READY.refuse(
        "The %s has taken effect in part, up to statement %d: %s and %s differ in %s."
            .formatted(
                record.title(),
                ChangeProgress.of(record).statement() + 1,
                record.to(),
                record.from(),
                names.isEmpty() ? "nothing" : String.join(", ", names)),
        "Go on with halcyon pair "
            + record.kind().label()
            + " "
            + record.change()
            + "; or take back what it has done: "
            + byHand(record));
  }

  private static String byHand(PairRecord record) {
    return "on "
        + record.to()
        + " after SET sql_log_bin = 0 (MySQL: and SET GLOBAL super_read_only = 0) run the reverse,"
        + " then halcyon pair abort";
  }
}
