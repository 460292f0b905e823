package dev.halcyon.rebuild;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Refusal;
import dev.halcyon.mysql.Server;
import dev.halcyon.plan.Limits;
import dev.halcyon.progress.Event;
import dev.halcyon.sql.AlterClause;
import java.time.Duration;
import java.util.HashMap;
import org.jspecify.annotations.Nullable;

/** One change of one table, by the best way there is. For one thread. */
public final class Ways {
  private final Server server;
  private final Limits limits;
  private final String statement;
  private final CaptureBy capture;

  /**
   * @param statement one {@code ALTER TABLE}
   * @param capture what would tell a rebuild of the application's writes
   */
  public Ways(Server server, Limits limits, String statement, CaptureBy capture) {
    this.server = server;
    this.limits = limits;
    this.statement = statement.strip();
    this.capture = capture;
  }

  /** What was decided, and what the server said. */
  private record Decision(String table, String sql, WayTrial.Result tried, WayChoice choice) {}

  /**
   * Looks only.
   *
   * @param wanted the way that the user insists on, or null
   * @throws Refusal HAL-210, 301, 306 or 310, HAL-221 when the table is already so, and everything
   *     that stands against a rebuild if that is wanted
   */
  public WayChoice choose(@Nullable Way wanted) {
    return decide(wanted).choice();
  }

  /**
   * Begins, or goes on with a rebuild of the same statement that is under way.
   *
   * @throws Refusal as {@link #choose} and {@link Rebuild#run}
   * @throws dev.halcyon.model.Failure as {@link Rebuild#run}
   */
  public WayReport run(RebuildContext context, @Nullable Way wanted) {
    return run(context, wanted, null);
  }

  /**
   * @param keep how long the old table is kept, so that the change can be reverted, which only a
   *     rebuild can; null: not at all
   */
  public WayReport run(RebuildContext context, @Nullable Way wanted, @Nullable Duration keep) {
    if (Rebuild.begun(context, statement)) {
      if (wanted != null && wanted != Way.REBUILD) {
        throw ErrorCode.STATE_WRONG.refuse(
            "A rebuild of the table is under way.", "Leave --way out to go on with it.");
      }
      return new WayReport(Way.REBUILD, new Rebuild(context, statement, keep).run());
    }
    var decision = decide(keep == null ? wanted : Way.REBUILD);
    var way = decision.choice().way();
    context.events().on(new Event.Note(decision.choice().text().strip()));
    if (way == Way.REBUILD) {
      return new WayReport(way, new Rebuild(context, statement, keep).run());
    }
    var sql = decision.sql() + ", " + way.clause();
    context.events().on(new Event.StepStarted(decision.table(), "alter", sql, 0));
    new NativeAlter(context, decision.table(), sql, decision.tried()).run();
    return new WayReport(way, RebuildReport.ended(0));
  }

  /**
   * The table that is changed.
   *
   * @throws Refusal HAL-210 or 301
   */
  public String table() {
    try (var session = server.open("checks")) {
      return Preparation.of(session, server.schema(), statement).names().table();
    }
  }

  private Decision decide(@Nullable Way wanted) {
    try (var session = server.open("checks")) {
      var preparation = Preparation.of(session, server.schema(), statement);
      for (var clause : preparation.clauses()) {
        if (clause instanceof AlterClause.RenameTable
            || clause instanceof AlterClause.AddForeignKey) {
          throw ErrorCode.NOT_SUPPORTED.refuse(
              "This needs a window or proven rows: " + clause.text(),
              "Write it into a change file, for halcyon expand and contract.");
        }
      }
      var source = preparation.source();
      var tried = WayTrial.ask(server, server.schema(), source, preparation, capture);
      if (tried.changesNothing() && preparation.clauses().stream().allMatch(Ways::shows)) {
        throw ErrorCode.NOTHING_TO_DO.refuse(
            "Table " + source.name() + " is already so.", "Nothing is left to do.");
      }
      var refused = new HashMap<Way, String>(tried.refused());
      var unsuitable = preparation.unsuitable(capture);
      if (!unsuitable.isEmpty()) {
        if (wanted == Way.REBUILD) {
          throw new Refusal(ErrorCode.exitStatus(unsuitable), unsuitable);
        }
        refused.put(Way.REBUILD, Suitability.words(unsuitable));
      }
      var facts = WayFacts.read(session, server.schema(), source, preparation.clauses(), limits);
      var choice = WayChoice.of(facts, refused, wanted);
      return new Decision(source.name(), preparation.alter(source.name()), tried, choice);
    }
  }

  /** Whether the clause's effect is seen in the table's text. */
  private static boolean shows(AlterClause clause) {
    return !(clause instanceof AlterClause.Other);
  }
}
