package dev.halcyon.mysql;

import dev.halcyon.model.Place;
import dev.halcyon.plan.Algorithm;
import dev.halcyon.plan.Step;
import dev.halcyon.sql.AlterClause;
import dev.halcyon.sql.Sql;
import dev.halcyon.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the statements of a change's file on the copies, an ALTER clause by clause. */
final class ClauseTrial {
  private static final Logger log = LoggerFactory.getLogger(ClauseTrial.class);

  private final Trial trial;
  private final RealSchema real;
  private final Map<Place, Algorithm> accepted = new HashMap<>();

  ClauseTrial(Trial trial, RealSchema real) {
    this.trial = trial;
    this.real = real;
  }

  /** What the server took, up to what it refused. */
  Map<Place, Algorithm> run(List<Statement> statements) {
    try {
      statements.forEach(this::run);
    } catch (Fault.Refused refused) {
      // Whoever asks for the whole change is told; here what follows is not known.
      log.debug("the server does not take a clause by itself: {}", refused.getMessage());
    }
    return accepted;
  }

  private void run(Statement statement) {
    if (statement instanceof Statement.AlterTable alter) {
      for (AlterClause clause : alter.clauses()) {
        // What the planner refuses by name must not be tried on the server.
        if (!(clause instanceof AlterClause.Other)) {
          String sql = "ALTER TABLE " + Sql.name(alter.table()) + " " + clause.text();
          accepted.put(clause.place(), run(clause.place(), sql));
        }
      }
    } else if (makesTables(statement) && !real.reachesOut(statement.text())) {
      var _ = run(statement.place(), statement.text());
    }
  }

  private static boolean makesTables(Statement statement) {
    return statement instanceof Statement.CreateTable
        || statement instanceof Statement.DropTable
        || statement instanceof Statement.RenameTable;
  }

  private Algorithm run(Place place, String sql) {
    return trial.run(place.toString(), 0, sql, Step.Conditions.STRICT).algorithm();
  }
}
