package dev.halcyon.pair;

import dev.halcyon.model.Engine;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Failure;
import dev.halcyon.model.Refusal;
import dev.halcyon.model.Version;
import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.Link;
import dev.halcyon.mysql.Patience;
import dev.halcyon.mysql.PatientDdl;
import dev.halcyon.mysql.Session;
import dev.halcyon.pair.PairRecord.Kind;
import dev.halcyon.pair.judge.Mode;
import dev.halcyon.progress.Event;
import dev.halcyon.progress.Events;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * Makes a change on the passive server, as it is written; after a switchover, on the other one.
 * Applications are on neither meanwhile. Unlogged, it is executed on each of them; logged, the
 * other one gets it with all that was written since. For one thread.
 */
public final class Expansion {
  private static final Duration FOLLOW = Duration.ofMillis(500);

  private final Pair pair;
  private final Order order;
  private final Approval approval;
  private final Patience patience;
  private final Events events;
  private final IntConsumer journalWrites;

  /**
   * @param checksum of the change's file
   * @param statements in their order, without end marks
   */
  public record Order(
      Version version, String description, String checksum, List<String> statements) {
    public Order {
      statements = List.copyOf(statements);
      if (statements.isEmpty()) {
        throw new IllegalArgumentException("a change has statements");
      }
    }

    /** As the journal names it: {@code V12}. */
    String name() {
      return version.toString();
    }
  }

  /** How rows pass between the two servers once only one of them has the change. */
  @FunctionalInterface
  public interface Approval {
    /**
     * @param active has the old shape
     * @throws Refusal with everything that stands against it
     */
    Mode require(Member active, Member passive);
  }

  /**
   * @param server that was changed
   * @param skipped statements that an earlier run had made
   * @param waiting the server that applies nothing until it has the change, too; empty for none
   */
  public record Report(String server, int statements, int skipped, String waiting) {}

  /**
   * @param patience with locks that replication holds
   * @param journalWrites is told after each write of the journal how many there were
   */
  public Expansion(
      Pair pair,
      Order order,
      Approval approval,
      Patience patience,
      Events events,
      IntConsumer journalWrites) {
    this.pair = pair;
    this.order = order;
    this.approval = approval;
    this.patience = patience;
    this.events = events;
    this.journalWrites = journalWrites;
  }

  /**
   * On the passive server; the active one is to follow after a switchover.
   *
   * @throws Refusal if something stands against it; nothing was changed
   * @throws Failure if a statement fails
   */
  public Report expand() {
    return run(Kind.EXPAND);
  }

  /**
   * The same on the server that was active when it was expanded, and is passive by now.
   *
   * @throws Refusal HAL-603 if it is not
   * @throws Failure if a statement fails
   */
  public Report finish() {
    return run(Kind.FINISH);
  }

  private Report run(Kind kind) {
    try (var grips = Grips.take(pair)) {
      var journal = new PairJournal(grips, journalWrites);
      var course = Course.of(grips);
      var unfinished = journal.unfinished();
      PairRecord record;
      if (unfinished.isPresent()) {
        record = resumed(unfinished.get(), kind, course);
      } else {
        requireState(kind, course);
        var open = LoggedMode.open(course.active().session());
        course.requireLinks(open);
        requireNoRebuild(course);
        var mode =
            switch (kind) {
              case EXPAND -> approved(course);
              case FINISH -> open.map(PairRecord::mode).orElse(Mode.UNLOGGED);
              case SWITCH, FUNNEL, RETURN ->
                  throw new IllegalArgumentException(kind + " makes no change");
            };
        record =
            journal.begin(
                kind, mode, order.name(), course.active().member(), course.passive().member());
      }
      return record.mode() == Mode.LOGGED && kind == Kind.FINISH
          ? follow(course, journal, record)
          : apply(course, journal, record);
    }
  }

  /** Its half-filled table would come to a server whose tables are others by then. */
  private static void requireNoRebuild(Course course) {
    var rebuilds = Hindrances.rebuilds(course.active().session());
    if (!rebuilds.isEmpty()) {
      throw new Refusal(ExitStatus.FINDINGS, rebuilds);
    }
  }

  private Mode approved(Course course) {
    var mode = approval.require(course.active().member(), course.passive().member());
    if (mode == Mode.LOGGED) {
      LoggedMode.requireGtids(course);
    }
    return mode;
  }

  private PairRecord resumed(PairRecord record, Kind kind, Course course) {
    if (record.kind() != kind || !record.change().equals(order.name())) {
      throw ErrorCode.PAIR_NOT_READY.refuse(
          "The " + record.title() + " is not at its end.",
          record.kind().isChange()
              ? "Run that again, or halcyon pair abort"
              : "halcyon pair abort");
    }
    if (!record.to().equals(course.passive().member().name())) {
      throw ErrorCode.PAIR_NOT_READY.refuse(
          record.to() + " was being changed, and is the active server by now.",
          "Switch back, then run it again.");
    }
    return record;
  }

  private void requireState(Kind kind, Course course) {
    var passive = course.passive().member().name();
    var last = PairTable.lastChange(course.active().session());
    switch (kind) {
      case EXPAND -> requireNoneOpen(last);
      case FINISH -> requireExpanded(last, passive);
      case SWITCH, FUNNEL, RETURN -> throw new IllegalArgumentException(kind + " makes no change");
    }
  }

  private void requireNoneOpen(Optional<PairRecord> last) {
    last.filter(one -> one.kind() == Kind.EXPAND)
        .ifPresent(
            open -> {
              throw (open.change().equals(order.name())
                      ? ErrorCode.NOTHING_TO_DO
                      : ErrorCode.PAIR_NOT_READY)
                  .refuse(
                      open.change() + " is expanded on " + open.to() + " and not finished.",
                      "halcyon pair switch, then halcyon pair finish " + open.change());
            });
    last.filter(one -> one.change().equals(order.name()))
        .ifPresent(
            done -> {
              throw ErrorCode.NOTHING_TO_DO.refuse(
                  done.change() + " is on both servers.", "See halcyon pair status.");
            });
  }

  private void requireExpanded(Optional<PairRecord> last, String passive) {
    var expanded =
        last.filter(one -> one.kind() == Kind.EXPAND && one.change().equals(order.name()));
    if (expanded.isEmpty()) {
      throw ErrorCode.STATE_WRONG.refuse(
          order.name() + " is not expanded on one server only.",
          "halcyon pair expand " + order.name());
    }
    if (expanded.get().to().equals(passive)) {
      throw ErrorCode.STATE_WRONG.refuse(
          passive + " has " + order.name() + " and is the passive server still.",
          "halcyon pair switch");
    }
  }

  /** The other server executes the change, and all that was written since. */
  private Report follow(Course course, PairJournal journal, PairRecord begun) {
    var record = journal.write(begun.in(PairState.ACTING));
    var passive = course.passive();
    Link.startApplier(passive.session());
    var goal = CatchUp.position(course.active().session());
    while (!CatchUp.reached(passive.session(), goal, FOLLOW)) {
      events.on(
          new Event.Waiting(
              order.name(), "finish", passive.member() + " to execute what it lacks"));
      try {
        CatchUp.requireApplying(passive.session());
      } catch (Refusal stopped) {
        throw new Failure(
            ErrorCode.STEP_FAILED,
            record.title(),
            stopped.findings().getFirst().message(),
            passive.member() + " has all that came before that.",
            "Mend that, then halcyon pair finish " + order.name(),
            stopped);
      }
    }
    VersionTables.tell(pair.member(record.from()).server(), order, events);
    journal.write(record.in(PairState.DONE));
    return new Report(passive.member().name(), order.statements().size(), 0, "");
  }

  private Report apply(Course course, PairJournal journal, PairRecord begun) {
    var passive = course.passive();
    boolean logged = begun.mode() == Mode.LOGGED;
    var record = begun;
    int skipped = 0;
    if (logged) {
      Link.stopApplier(course.active().session());
    }
    try (var session = passive.member().openPatient("change")) {
      while (!ChangeLock.take(session)) {
        events.on(new Event.Waiting(order.name(), "change", "a statement of an earlier run"));
      }
      if (logged) {
        LoggedMode.log(session);
      } else {
        session.execute("SET SESSION sql_log_bin = 0");
      }
      var ddl =
          new PatientDdl(
              session,
              passive.member()::open,
              patience,
              events,
              order.name(),
              record.kind().label());
      for (int i = 0; i < order.statements().size(); i++) {
        var progress = ChangeProgress.of(record);
        if (i < progress.statement()) {
          skipped++;
          continue;
        }
        var print = SchemaPrint.of(session);
        if (i == progress.statement() && !print.equals(progress.print())) {
          skipped++;
          continue;
        }
        var next = progress.next(i, print);
        record = journal.write(record.in(PairState.ACTING).with(next.text()));
        execute(session, ddl, i, course, journal, record);
      }
    }
    // What the change has taken off the fence for its statements.
    Fence.close(passive.session());
    if (record.kind() == Kind.FINISH) {
      VersionTables.tell(pair.member(record.from()).server(), order, events);
    }
    journal.write(record.in(PairState.DONE));
    return new Report(
        passive.member().name(),
        order.statements().size(),
        skipped,
        logged ? course.active().member().name() : "");
  }

  private void execute(
      Session session,
      PatientDdl ddl,
      int index,
      Course course,
      PairJournal journal,
      PairRecord record) {
    var statement = order.statements().get(index);
    boolean mysql = session.engine() == Engine.MYSQL;
    if (mysql) {
      session.execute("SET GLOBAL super_read_only = 0");
    }
    try {
      ddl.run(order.name(), statement);
    } catch (Fault.Refused | Fault.Transient fault) {
      Fence.close(session);
      if (index == 0) {
        journal.write(record.undone(fault.detail()));
        if (record.mode() == Mode.LOGGED) {
          Link.startApplier(course.active().session());
        }
      }
      throw new Failure(
          ErrorCode.STEP_FAILED,
          record.title() + ", statement " + (index + 1),
          fault.detail(),
          index == 0
              ? "Nothing was changed."
              : record.to() + " has the statements before it; applications are not there.",
          "Mend that, then halcyon pair %s %s; or give it up: halcyon pair abort"
              .formatted(record.kind().label(), order.name()),
          fault);
    }
    if (mysql) {
      Fence.close(session);
    }
  }
}
