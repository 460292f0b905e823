package dev.halcyon.cli;

import dev.halcyon.lint.Accepted;
import dev.halcyon.model.Engine;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Place;
import dev.halcyon.model.Refusal;
import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.Rehearsal;
import dev.halcyon.mysql.Server;
import dev.halcyon.plan.Algorithm;
import dev.halcyon.sql.Script;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the server takes each clause by, asked in a scratch schema.
 *
 * @param missing why it could not be asked, a line for people; else empty
 */
record AskedClauses(Accepted accepted, String missing) {
  private static final Logger log = LoggerFactory.getLogger(AskedClauses.class);
  private static final AskedClauses NOTHING = new AskedClauses(Accepted.NOTHING, "");

  /**
   * @param scripts in the order in which they will run
   */
  static AskedClauses ask(Server server, List<Script> scripts) {
    if (scripts.isEmpty()) {
      return NOTHING;
    }
    try (var session = server.open("lint");
        var rehearsal = Rehearsal.open(session, server.schema())) {
      var ways = new HashMap<Place, Accepted.Way>();
      rehearsal.expect(scripts);
      for (Script script : scripts) {
        rehearsal
            .accepted(script)
            .forEach((place, algorithm) -> ways.put(place, way(algorithm, session.engine())));
        goOn(rehearsal, script);
      }
      return new AskedClauses(new Accepted(ways), "");
    } catch (Refusal refusal) {
      return unasked(
          refusal.findings().stream().map(Finding::message).collect(Collectors.joining(" ")));
    } catch (Fault.Refused refused) {
      return unasked(refused.words());
    }
  }

  /** Later changes build on this one; if it is refused, they may be, too. */
  private static void goOn(Rehearsal rehearsal, Script script) {
    try {
      var _ = rehearsal.facts(script, List.of());
      rehearsal.assume(script.version());
    } catch (Refusal refusal) {
      log.debug("{} is refused in rehearsal", script.version(), refusal);
    }
  }

  private static Accepted.Way way(Algorithm algorithm, Engine engine) {
    return switch (algorithm) {
      case INSTANT, NOCOPY, NONE -> Accepted.Way.INSTANT;
      // MariaDB takes within the table what need not be written anew.
      case INPLACE -> engine == Engine.MARIADB ? Accepted.Way.COPY : Accepted.Way.IN_PLACE;
      case ONLINE_COPY, INPLACE_SHARED, COPY -> Accepted.Way.COPY;
    };
  }

  private static AskedClauses unasked(String words) {
    return new AskedClauses(
        Accepted.NOTHING,
        "The server was not asked which changes it makes in a moment: " + words + "\n");
  }
}
