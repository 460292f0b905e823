package dev.halcyon.mysql;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Place;
import dev.halcyon.model.Refusal;
import dev.halcyon.model.ServerFacts;
import dev.halcyon.model.TableSchema;
import dev.halcyon.model.Version;
import dev.halcyon.plan.Algorithm;
import dev.halcyon.plan.Draft;
import dev.halcyon.plan.Rehearsed;
import dev.halcyon.plan.Step;
import dev.halcyon.sql.Script;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries changes out in a scratch schema of the same server, before any of it is real.
 *
 * <p>The real schema is read once and only read. The copies hold its tables without the keys to
 * other schemas, with up to three of their rows; what a trigger of the user does in another schema
 * is left out. A table of which nothing was used up is not copied again for the next change.
 *
 * <p>Takes the session over until it is closed. For one thread.
 */
public final class Rehearsal implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Rehearsal.class);
  private static final String END_STATE = ErrorCode.END_STATE_DIFFERS.code();

  private final Session session;
  private final RealSchema real;
  private final Scratch scratch;
  private final SessionModes modes;
  private final Copies copies;
  private final TemporaryTables temporary;
  private final EndState endState;
  private final Trial trial;
  private final QuickRun quick;
  private final Map<Version, Known> known = new HashMap<>();
  private final Map<Version, LeftBehind> left = new HashMap<>();

  /** What a draft is held against. */
  private record Known(Script script, ServerFacts facts, EndState.Found found) {}

  private Rehearsal(Session session, RealSchema real, Scratch scratch, SessionModes modes) {
    this.session = session;
    this.real = real;
    this.scratch = scratch;
    this.modes = modes;
    this.copies = new Copies(session, real, scratch, modes);
    this.temporary = new TemporaryTables(session, modes);
    this.endState = new EndState(session, real, scratch, copies, modes, temporary);
    var kinds = new Kinds();
    this.trial = new Trial(session, copies, modes, real, kinds);
    this.quick = new QuickRun(real, kinds, trial, temporary);
  }

  /**
   * Drops what dead runs left behind, and makes a scratch schema.
   *
   * @throws Refusal HAL-116 when the account may not make schemas
   */
  public static Rehearsal open(Session session, String schema) {
    var modes = new SessionModes(session);
    var scratch = Scratch.open(session, schema);
    try {
      session.execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
      return new Rehearsal(session, new RealSchema(session, schema), scratch, modes);
    } catch (RuntimeException failure) {
      scratch.close();
      throw failure;
    }
  }

  /** Reads what these changes will ask for, all at once instead of one by one. */
  public void expect(List<Script> scripts) {
    var words = new TreeSet<String>(String.CASE_INSENSITIVE_ORDER);
    scripts.forEach(s -> words.addAll(words(Authorship.of(s))));
    var _ = real.tables(words);
  }

  /**
   * What planning may know: the tables that the change names, as they are and as its statements
   * leave them.
   *
   * @throws Refusal HAL-210, HAL-301 or HAL-310 for each statement that the server does not take
   */
  public ServerFacts facts(Script script, List<ServerFacts.Window> windows) {
    var authorship = Authorship.of(script);
    RealSchema.CopySet set = real.copySet(words(authorship));
    EndState.Found found = endState.of(authorship.statements(), set);
    var facts =
        new ServerFacts(
            session.engine(),
            session.version(),
            real.name(),
            set.tables(),
            found.after(),
            real.views(),
            real.referencing(set.tables().keySet()),
            windows);
    known.put(script.version(), new Known(script, facts, found));
    return facts;
  }

  /**
   * Runs the draft on fresh copies: expand, verify, contract, which must end where the file says;
   * then rollback from the expanded state, which must end where it began.
   *
   * @return for each schema statement what the server accepts and changes
   * @throws Refusal HAL-303, HAL-310 for what the server does not take, HAL-309 for a draft that
   *     ends elsewhere
   * @throws IllegalStateException when {@link #facts} was not asked for the same change before
   */
  public List<Rehearsed> rehearse(Draft draft) {
    Known change = known.get(draft.version());
    if (change == null) {
      throw new IllegalStateException("no facts were asked for " + draft.version());
    }
    var authorship = Authorship.of(change.script());
    Set<String> words = words(authorship);
    var sql = allSql(draft);
    sql.forEach(s -> words.addAll(StatementObjects.words(s)));
    var names = new Names(real.copySet(words), sql, change.found().looked());
    return quick
        .run(draft, change.found(), names.set())
        .orElseGet(() -> onCopies(draft, change, authorship, names, words));
  }

  private List<Rehearsed> onCopies(
      Draft draft, Known change, Authorship authorship, Names names, Set<String> words) {
    // A view, trigger or routine of the user may name more than the statements do.
    if (alone(names) && names.set().routines().isEmpty() && names.set().views().isEmpty()) {
      temporary.clear(words);
    } else {
      temporary.clear();
    }
    trial.begin();
    var findings = new ArrayList<Finding>();
    var run = new DraftRun(session, real, scratch, copies, modes, trial, authorship, findings);
    try {
      perform(draft, change, authorship, names, run, findings);
    } catch (DraftRun.Stopped stopped) {
      // The finding says it.
      throw new Refusal(ExitStatus.FINDINGS, findings);
    }
    if (!findings.isEmpty()) {
      boolean ours = findings.stream().allMatch(f -> f.code().equals(END_STATE));
      throw new Refusal(ours ? ExitStatus.FAILED : ExitStatus.FINDINGS, findings);
    }
    return run.rehearsed();
  }

  /**
   * Asks by which algorithm the server takes each clause of the change's own ALTERs, on fresh
   * copies, one clause after the other. Nothing is told of a clause that it refuses by itself, and
   * of what comes behind it; data statements are not run.
   *
   * @return by the place of the clause
   */
  public Map<Place, Algorithm> accepted(Script script) {
    var authorship = Authorship.of(script);
    temporary.clear();
    copies.prepare(real.copySet(words(authorship)));
    trial.begin();
    return new ClauseTrial(trial, real).run(authorship.statements());
  }

  /** Later facts take the change for done: its tables are as its file leaves them. */
  public void assume(Version version) {
    Known change = known.get(version);
    if (change == null) {
      throw new IllegalStateException("no facts were asked for " + version);
    }
    LeftBehind there = left.get(version);
    Map<String, TableSchema> after = new TreeMap<>(change.facts().after());
    if (there != null) {
      after.replaceAll(
          (name, table) -> {
            TableSchema before = change.facts().before().get(name);
            return there.withTriggers(table, before == null ? List.of() : before.triggers());
          });
      real.assume(there);
    }
    real.assume(change.facts().before(), after);
    temporary.settle();
    copies.forget(change.facts().before().keySet());
  }

  /**
   * Whether the binary log tells of the scratch schema, because the account may not leave it out.
   */
  public boolean logged() {
    return scratch.logged();
  }

  /** Drops the scratch schema and gives the session back. */
  @Override
  public void close() {
    try {
      temporary.clear();
    } catch (Fault fault) {
      log.debug("the temporary tables go with the session: {}", fault.detail());
    } finally {
      scratch.close();
    }
  }

  private void perform(
      Draft draft,
      Known change,
      Authorship authorship,
      Names names,
      DraftRun run,
      List<Finding> findings)
      throws DraftRun.Stopped {
    copies.prepare(names.set());
    Snapshot before = snapshot(names);
    run.run(draft.expand());
    run.proveDependents("expand", names.set(), snapshot(names));
    run.run(draft.verify());
    run.run(draft.contract());
    if (!findings.isEmpty()) {
      return;
    }
    Snapshot wanted = change.found().snapshot().over(before, change.found().looked());
    // What the change leaves to us to redefine may read otherwise; it must still work.
    var dependents = new TreeSet<>(names.others());
    authorship
        .statements()
        .forEach(s -> dependents.removeAll(StatementObjects.of(s.text()).elements()));
    Snapshot ended = snapshot(names);
    differ("expand and contract", wanted.without(dependents), ended.without(dependents), findings);
    run.proveDependents("contract", names.set(), ended);
    if (!alone(names)) {
      left.put(
          draft.version(), LeftBehind.read(session, scratch.schema(), real.name(), names.tables()));
    }
    if (draft.rollback().isEmpty()) {
      return;
    }
    if (draft.contract().stream()
        .anyMatch(s -> !(s instanceof Step.Verify || s instanceof Step.Gate))) {
      copies.prepare(names.set());
      run.run(draft.expand());
    }
    run.run(draft.rollback());
    differ("rollback", before, snapshot(names), findings);
    copies.restored(names.set(), before.tables());
  }

  /** The objects whose shape counts in one rehearsal. */
  private record Names(RealSchema.CopySet set, TreeSet<String> tables, TreeSet<String> others) {
    Names(RealSchema.CopySet set, List<String> sql, Set<String> looked) {
      this(set, new TreeSet<>(set.tables().keySet()), new TreeSet<>());
      var elements = new TreeSet<String>();
      sql.forEach(s -> elements.addAll(StatementObjects.of(s).elements()));
      set.views().forEach(v -> elements.add("view " + v.name()));
      for (TableSchema table : set.tables().values()) {
        table.triggers().forEach(t -> elements.add("trigger " + t.name()));
      }
      for (String name : looked) {
        elements.add(name.contains(" ") ? name : "table " + name);
      }
      for (String element : elements) {
        if (element.startsWith("table ")) {
          tables.add(element.substring("table ".length()));
        } else {
          others.add(element);
        }
      }
    }
  }

  private boolean alone(Names names) {
    return names.set().tables().values().stream().allMatch(t -> names.set().isPlain(t, real));
  }

  private Snapshot snapshot(Names names) {
    if (!alone(names)) {
      copies.forgetShapes();
    }
    return Snapshot.of(
        new TreeMap<>(copies.shapesOf(names.tables())), copies.elements(names.others()));
  }

  private static void differ(
      String what, Snapshot wanted, Snapshot actual, List<Finding> findings) {
    for (String difference : wanted.differences(actual)) {
      findings.add(
          Finding.error(
              END_STATE,
              null,
              "After " + what + " " + difference,
              "This is a fault of Halcyon. Write the change as .expand.sql and .contract.sql, and"
                  + " report it."));
    }
  }

  private Set<String> words(Authorship authorship) {
    var words = new TreeSet<String>(String.CASE_INSENSITIVE_ORDER);
    authorship.statements().forEach(s -> words.addAll(StatementObjects.words(s.text())));
    words.addAll(authorship.directiveTables());
    return words;
  }

  private static List<String> allSql(Draft draft) {
    return Stream.of(draft.expand(), draft.verify(), draft.contract(), draft.rollback())
        .flatMap(List::stream)
        .flatMap(Rehearsal::sql)
        .toList();
  }

  private static Stream<String> sql(Step step) {
    return switch (step) {
      case Step.Ddl ddl -> Stream.of(ddl.sql());
      case Step.Rebuild rebuild -> Stream.of(rebuild.sql());
      case Step.Locked locked -> locked.parts().stream().map(Step.Locked.Part::sql);
      case Step.Backfill backfill -> backfill.statements().stream();
      case Step.Data data -> data.statements().stream();
      case Step.Verify verify -> Stream.of(verify.from());
      case Step.Gate _ -> Stream.of();
    };
  }
}
