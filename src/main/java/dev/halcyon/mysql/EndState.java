package dev.halcyon.mysql;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Finding;
import dev.halcyon.model.ForeignKey;
import dev.halcyon.model.Refusal;
import dev.halcyon.model.TableSchema;
import dev.halcyon.model.Trigger;
import dev.halcyon.plan.Step.Conditions;
import dev.halcyon.sql.AlterClause;
import dev.halcyon.sql.Statement;
import dev.halcyon.sql.TextDefaults;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Finds where a change's own statements lead, by running them on copies. */
final class EndState {
  private final Session session;
  private final RealSchema real;
  private final Scratch scratch;
  private final Copies copies;
  private final SessionModes modes;
  private final Map<String, String> collations;
  private final TemporaryTables temporary;

  EndState(
      Session session,
      RealSchema real,
      Scratch scratch,
      Copies copies,
      SessionModes modes,
      TemporaryTables temporary) {
    this.session = session;
    this.real = real;
    this.scratch = scratch;
    this.copies = copies;
    this.modes = modes;
    this.temporary = temporary;
    this.collations = Catalog.collations(session);
  }

  /** What was found, with the names that were looked at, whether they exist or not. */
  record Found(Map<String, TableSchema> after, Snapshot snapshot, Set<String> looked) {}

  /**
   * @throws Refusal HAL-210, HAL-301 or HAL-310 when the server does not take a statement
   */
  Found of(List<Statement> statements, RealSchema.CopySet set) {
    return onTemporaryTables(statements, set).orElseGet(() -> onCopies(statements, set));
  }

  private Optional<Found> onTemporaryTables(List<Statement> statements, RealSchema.CopySet set) {
    boolean able =
        TemporaryTables.suffice(set, real)
            && statements.stream().allMatch(s -> isOurs(s) && TemporaryTables.suffice(s.text()));
    if (!able) {
      return Optional.empty();
    }
    var looked = new TreeSet<String>(set.tables().keySet());
    statements.forEach(s -> looked.addAll(StatementObjects.of(s.text()).tables()));
    boolean taken =
        temporary.hold(set.tables().values())
            && statements.stream().allMatch(s -> temporary.run(s.text(), Conditions.STRICT));
    return taken
        ? Optional.of(found(temporary.snapshot().tables(), new TreeMap<>(), looked, set))
        : Optional.empty();
  }

  private Found onCopies(List<Statement> statements, RealSchema.CopySet set) {
    temporary.clear();
    copies.prepare(set);
    var findings = new ArrayList<Finding>();
    var elements = new TreeSet<String>();
    set.views().forEach(view -> elements.add("view " + view.name()));
    set.tables().values().stream()
        .flatMap(t -> t.triggers().stream())
        .forEach(trigger -> elements.add("trigger " + trigger.name()));
    boolean goesOn = true;
    for (Statement statement : statements) {
      if (goesOn) {
        elements.addAll(StatementObjects.of(statement.text()).elements());
        goesOn = run(statement, findings);
      }
    }
    if (!findings.isEmpty()) {
      throw new Refusal(ExitStatus.FINDINGS, findings);
    }
    copies.forgetShapes();
    var looked = new TreeSet<String>(set.tables().keySet());
    var others = new TreeSet<String>();
    for (String element : elements) {
      if (element.startsWith("table ")) {
        looked.add(element.substring("table ".length()));
      } else {
        others.add(element);
      }
    }
    var texts = new TreeMap<>(copies.shapesOf(looked));
    var otherTexts = copies.elements(others);
    looked.addAll(others);
    return found(texts, otherTexts, looked, set);
  }

  /** Whether what follows can still be told from what this one left behind. */
  private boolean run(Statement statement, List<Finding> findings) {
    if (!isOurs(statement)) {
      return true;
    }
    if (acts(statement) && real.reachesOut(statement.text())) {
      findings.add(
          Finding.error(
              ErrorCode.NOT_SUPPORTED.code(),
              statement.place(),
              "This statement names a schema. What acts on another schema cannot be rehearsed"
                  + " without acting there.",
              "Leave the schema's name out, or run the statement outside of a change."));
      return false;
    }
    var objects = StatementObjects.of(statement.text());
    boolean data = objects.elements().isEmpty();
    String sql = DisabledEvent.of(statement.text());
    try {
      if (data) {
        modes.own();
      } else {
        modes.apply(Conditions.STRICT);
        copies.changed(objects);
      }
      execute(sql, objects);
      return true;
    } catch (Fault.Refused refused) {
      if (data && ServerWords.isAboutRows(refused)) {
        return true;
      }
      findings.add(ServerWords.finding(statement, refused, scratch));
      return refused.code() == ServerWords.SYNTAX;
    } finally {
      dataTables(statement).forEach(t -> copies.changed(StatementObjects.ofTable(t)));
    }
  }

  private void execute(String sql, StatementObjects objects) {
    try {
      session.execute(sql);
    } catch (Fault.Refused refused) {
      if (objects.tables().isEmpty() || !ServerWords.isAboutRows(refused)) {
        throw refused;
      }
      objects.tables().stream().filter(t -> copies.shape(t).isPresent()).forEach(copies::empty);
      modes.apply(Conditions.STRICT);
      copies.changed(objects);
      session.execute(sql);
    }
  }

  /** What the planner refuses by name must not be tried on the server. */
  private static boolean isOurs(Statement statement) {
    return !(statement instanceof Statement.Other)
        && !(statement instanceof Statement.AlterTable alter
            && alter.clauses().stream().anyMatch(c -> c instanceof AlterClause.Other));
  }

  /** Whether running it, or what it makes, may write. */
  private static boolean acts(Statement statement) {
    return !dataTables(statement).isEmpty()
        || statement instanceof Statement.CreateTrigger
        || statement instanceof Statement.CreateRoutine;
  }

  private static List<String> dataTables(Statement statement) {
    if (statement instanceof Statement.Insert insert) {
      return List.of(insert.table());
    }
    if (statement instanceof Statement.Update update) {
      return List.of(update.table());
    }
    return statement instanceof Statement.Delete delete ? List.of(delete.table()) : List.of();
  }

  private Found found(
      Map<String, String> texts,
      Map<String, String> others,
      Set<String> looked,
      RealSchema.CopySet set) {
    boolean anyTrigger = others.keySet().stream().anyMatch(e -> e.startsWith("trigger "));
    List<Trigger> triggers =
        anyTrigger ? Catalog.triggers(session, scratch.schema(), texts.keySet()) : List.of();
    var after = new TreeMap<String, TableSchema>();
    texts.forEach((name, text) -> after.put(name, table(name, text, triggers, set)));
    return new Found(after, Snapshot.of(texts, others), looked);
  }

  private TableSchema table(
      String name, String text, Collection<Trigger> triggers, RealSchema.CopySet set) {
    TableSchema before = set.tables().get(name);
    TableSchema after =
        Catalog.parsed(
            session,
            scratch.schema(),
            real.name(),
            text,
            TextDefaults.of(text, collations),
            triggers.stream().filter(t -> t.table().equalsIgnoreCase(name)).toList(),
            before == null ? 0 : before.rows(),
            before == null ? 0 : before.bytes());
    return before == null ? after : withKeysLeftOut(before, after, set);
  }

  /** Keys to tables that were not copied still stand as long as their columns do. */
  private TableSchema withKeysLeftOut(
      TableSchema before, TableSchema after, RealSchema.CopySet set) {
    var keys = new ArrayList<ForeignKey>(after.foreignKeys());
    for (ForeignKey key : before.foreignKeys()) {
      if (!copies.keeps(key, before, set)
          && key.columns().stream().allMatch(c -> after.column(c).isPresent())) {
        keys.add(key);
      }
    }
    return new TableSchema(
        after.name(),
        after.engine(),
        after.columns(),
        after.indexes(),
        keys,
        after.checks(),
        after.triggers(),
        after.partitioned(),
        after.showCreate(),
        after.rows(),
        after.bytes());
  }
}
