package dev.halcyon.plan;

import dev.halcyon.model.Phase;
import dev.halcyon.progress.Figures;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a reader is told of one step.
 *
 * @param statements the exact SQL, in order; none for a gate
 * @param algorithm {@code INSTANT}, {@code INPLACE}, …; empty if the step knows none
 * @param lock who waits, in words
 * @param time for about how long, in words
 * @param rows how many rows are read or written, by the server's estimate; 0 if none
 * @param undo how it is undone, in words
 */
public record StepSummary(
    String id,
    Phase phase,
    String title,
    String kind,
    List<String> statements,
    String algorithm,
    String lock,
    String time,
    long rows,
    String undo) {
  /** What a rebuild reads and writes, and a backfill changes, on a middling server. */
  private static final long BYTES_A_SECOND = 40_000_000;

  private static final long ROWS_A_SECOND = 20_000;
  private static final long ROWS_READ_A_SECOND = 200_000;

  private static final String MOMENT = "a moment";
  private static final String NOBODY = "nobody waits";

  public StepSummary {
    statements = List.copyOf(statements);
  }

  /**
   * Every step of a plan in the order of its phases.
   *
   * @param tables the tables whose sizes are known, by name
   */
  public static List<StepSummary> of(Plan plan, Map<String, TableSize> tables) {
    return Stream.of(Phase.values())
        .flatMap(phase -> plan.steps(phase).stream().map(step -> of(step, phase, plan, tables)))
        .toList();
  }

  private static StepSummary of(Step step, Phase phase, Plan plan, Map<String, TableSize> tables) {
    return switch (step) {
      case Step.Ddl ddl -> schema(ddl, phase, plan, tables);
      case Step.Rebuild rebuild ->
          new StepSummary(
              rebuild.id(),
              phase,
              rebuild.title(),
              "rebuild",
              List.of(rebuild.sql()),
              "REBUILD",
              "readers and writers go on, but for a moment at its end",
              time(rebuild.table(), tables) + rebuilt(rebuild.table(), tables),
              rebuild.rows(),
              undo(rebuild, phase, plan));
      case Step.Locked locked ->
          of(locked, phase, plan, "schema", sql(locked), tables(locked) + " wait", MOMENT, 0);
      case Step.Backfill backfill ->
          of(
              backfill,
              phase,
              plan,
              "backfill",
              backfill.statements(),
              "the rows of one chunk",
              about(backfill.rows(), ROWS_A_SECOND) + ", chunk by chunk",
              backfill.rows());
      case Step.Data data ->
          of(
              data,
              phase,
              plan,
              "data",
              data.statements(),
              "the rows it changes",
              "one transaction",
              0);
      case Step.Verify verify ->
          of(
              verify,
              phase,
              plan,
              "verify",
              verify.faults().stream().map(fault -> select(verify, fault)).toList(),
              NOBODY,
              about(verify.rows(), ROWS_READ_A_SECOND),
              verify.rows());
      case Step.Gate gate -> of(gate, phase, plan, "gate", List.of(), NOBODY, MOMENT, 0);
    };
  }

  private static StepSummary schema(
      Step.Ddl ddl, Phase phase, Plan plan, Map<String, TableSize> tables) {
    Algorithm algorithm = ddl.algorithm();
    return new StepSummary(
        ddl.id(),
        phase,
        ddl.title(),
        "schema",
        List.of(ddl.sql()),
        algorithm == Algorithm.NONE ? "" : algorithm.name(),
        lock(algorithm),
        time(ddl, tables),
        algorithm.readsTable() ? rows(ddl.table(), tables) : 0,
        undo(ddl, phase, plan));
  }

  /** A step that knows no algorithm. */
  private static StepSummary of(
      Step step,
      Phase phase,
      Plan plan,
      String kind,
      List<String> statements,
      String lock,
      String time,
      long rows) {
    return new StepSummary(
        step.id(),
        phase,
        step.title(),
        kind,
        statements,
        "",
        lock,
        time,
        rows,
        undo(step, phase, plan));
  }

  private static List<String> sql(Step.Locked locked) {
    return locked.parts().stream().map(Step.Locked.Part::sql).toList();
  }

  private static String tables(Step.Locked locked) {
    return "readers and writers of " + String.join(", ", locked.tables());
  }

  private static String select(Step.Verify verify, Step.Verify.Fault fault) {
    String key =
        String.join(
            ", ", verify.key().stream().map(name -> verify.alias() + ".`" + name + "`").toList());
    return "SELECT " + key + " FROM " + verify.from() + " WHERE " + fault.condition();
  }

  private static String lock(Algorithm algorithm) {
    return switch (algorithm) {
      case INSTANT, NONE -> "readers and writers wait";
      case NOCOPY, INPLACE, ONLINE_COPY -> "readers and writers go on, but for its start and end";
      case INPLACE_SHARED, COPY -> "writers wait until it is done";
    };
  }

  private static String time(Step.Ddl ddl, Map<String, TableSize> tables) {
    if (!ddl.algorithm().readsTable() && ddl.algorithm() != Algorithm.NOCOPY) {
      return MOMENT;
    }
    return time(ddl.table(), tables);
  }

  private static String time(String name, Map<String, TableSize> tables) {
    TableSize table = tables.get(name);
    return table == null
        ? "grows with the table"
        : about(table.bytes(), BYTES_A_SECOND) + " for " + Figures.bytes(table.bytes());
  }

  /** What else could be had instead of a rebuild, and at what price. */
  private static String rebuilt(String name, Map<String, TableSize> tables) {
    TableSize table = tables.get(name);
    var copy = table == null ? "as long" : about(table.bytes(), BYTES_A_SECOND);
    return ", replicas follow; the server's own copy would take %s, for which writers wait and by which replicas fall behind"
        .formatted(copy);
  }

  private static String about(long amount, long perSecond) {
    long seconds = amount / perSecond;
    return seconds == 0
        ? "about a second"
        : "about " + Figures.duration(Duration.ofSeconds(seconds));
  }

  private static long rows(String name, Map<String, TableSize> tables) {
    TableSize table = tables.get(name);
    return table == null ? 0 : table.rows();
  }

  private static String undo(Step step, Phase phase, Plan plan) {
    return switch (step) {
      case Step.Verify _, Step.Gate _ -> "changes nothing";
      case Step.Data _ -> "its rows are not brought back";
      case Step.Backfill backfill when !backfill.quiet() -> "its rows are not brought back";
      case Step.Backfill _, Step.Ddl _, Step.Rebuild _, Step.Locked _ ->
          switch (phase) {
            case EXPAND, VERIFY -> "halcyon rollback " + plan.version();
            case CONTRACT -> "not undone";
            case ROLLBACK -> "halcyon expand " + plan.version();
          };
    };
  }
}
