package dev.halcyon.pair;

import dev.halcyon.model.Engine;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Refusal;
import dev.halcyon.mysql.Row;
import dev.halcyon.mysql.Session;
import dev.halcyon.sql.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The events of a server, which write past every proxy: they run where applications write, and
 * sleep on the other server. Each server is told by itself, out of the log.
 */
final class ScheduledEvents {
  private static final String NAME =
      "CONCAT('`', REPLACE(event_schema, '`', '``'), '`.`', REPLACE(event_name, '`', '``'), '`')";

  private static final String ENABLED =
      "SELECT "
          + NAME
          + " AS name FROM information_schema.events WHERE status = 'ENABLED' ORDER BY 1";

  private static final String ONE =
      "SELECT status, definer, collation_connection FROM information_schema.events WHERE "
          + NAME
          + " = ?";

  private ScheduledEvents() {}

  /** Those that run, each as {@code `schema`.`event`}; none without a scheduler. */
  static List<String> enabled(Session session) {
    return scheduled(session)
        ? session.query(ENABLED).stream().map(row -> row.string("name")).toList()
        : List.of();
  }

  /**
   * @throws Refusal HAL-721 if events would run nowhere after a move
   */
  static void requireScheduler(Grip from, Grip to) {
    if (!enabled(from.session()).isEmpty() && !scheduled(to.session())) {
      throw ErrorCode.PAIR_NOT_READY.refuse(
          "Events run on " + from.member() + ", and the scheduler of " + to.member() + " is off.",
          "On " + to.member() + ": SET GLOBAL event_scheduler = ON");
    }
  }

  private static boolean scheduled(Session session) {
    return session
        .first("SELECT @@GLOBAL.event_scheduler AS scheduler")
        .orElseThrow()
        .string("scheduler")
        .equals("ON");
  }

  /** None of them begins any more; one that is at work goes on to its end. */
  static void stop(Grip grip, List<String> events) {
    var session = grip.session();
    var asleep =
        session.engine() == Engine.MYSQL && session.version().atLeast(8, 3, 0)
            ? "DISABLE ON REPLICA"
            : "DISABLE ON SLAVE";
    for (String event : events) {
      look(session, event)
          .filter(row -> row.string("status").equals("ENABLED"))
          .ifPresent(row -> alter(grip, event, row, asleep));
    }
  }

  /**
   * They run from now on.
   *
   * @return what somebody has to know, for people
   */
  static List<String> start(Grip grip, List<String> events) {
    var notes = new ArrayList<String>();
    for (String event : events) {
      var found = look(grip.session(), event);
      if (found.isEmpty()) {
        notes.add("event " + event + " is not on " + grip.member() + ", so it runs nowhere");
      } else if (!found.get().string("status").equals("ENABLED")) {
        alter(grip, event, found.get(), "ENABLE");
      }
    }
    return notes;
  }

  private static Optional<Row> look(Session session, String event) {
    return session.first(ONE, event);
  }

  /** Whoever alters an event becomes its definer, and gives it the collation of the connection. */
  private static void alter(Grip grip, String event, Row row, String state) {
    grip.unlogged(
        session -> {
          var before =
              session.first("SELECT @@collation_connection AS c").orElseThrow().string("c");
          session.execute("SET collation_connection = " + row.string("collation_connection"));
          session.execute(
              "ALTER DEFINER = %s EVENT %s %s"
                  .formatted(account(row.string("definer")), event, state));
          session.execute("SET collation_connection = " + before);
        });
  }

  /** {@code user@host}, where the user may have an at sign, too. */
  private static String account(String definer) {
    int at = definer.lastIndexOf('@');
    return Sql.name(definer.substring(0, at)) + "@" + Sql.name(definer.substring(at + 1));
  }
}
