package dev.halcyon.pair;

import dev.halcyon.model.Engine;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.mysql.Link;
import dev.halcyon.mysql.Session;
import java.time.Duration;
import java.util.Objects;

/** Waits until a server has executed all that another one has logged. */
public final class CatchUp {
  /** So that a stopped applier is seen, and a server that does not answer any more. */
  private static final Duration SLICE = Duration.ofMillis(500);

  private CatchUp() {}

  /**
   * How far a server's log is.
   *
   * @param text of the engine's own form
   * @param gtid whether they are global transaction ids; else file and offset
   */
  public record Position(String text, boolean gtid) {}

  public static Position position(Session source) {
    return switch (source.engine()) {
      case MARIADB -> new Position(ask(source, "SELECT @@GLOBAL.gtid_binlog_pos AS p"), true);
      case MYSQL ->
          ask(source, "SELECT @@GLOBAL.gtid_mode AS p").equals("ON")
              ? new Position(
                  ask(source, "SELECT @@GLOBAL.gtid_executed AS p").replaceAll("\\s", ""), true)
              : filePosition(source);
    };
  }

  private static Position filePosition(Session source) {
    var statement =
        source.version().atLeast(8, 2, 0) ? "SHOW BINARY LOG STATUS" : "SHOW MASTER STATUS";
    var row = source.first(statement).orElseThrow();
    return new Position(row.string("File") + ":" + row.longValue("Position"), false);
  }

  /**
   * @param each is run before each look, at least every half second
   * @throws dev.halcyon.model.Refusal HAL-723 if it takes longer, HAL-721 if replication stops
   */
  static void await(Session replica, Position position, Duration budget, Runnable each) {
    long end = System.nanoTime() + budget.toNanos();
    while (true) {
      each.run();
      var left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
      if (reached(replica, position, left.compareTo(SLICE) < 0 ? left : SLICE)) {
        return;
      }
      requireApplying(replica);
      if (System.nanoTime() >= end) {
        throw ErrorCode.PAIR_LAG.refuse(
            "The passive server has not executed within "
                + budget.toMillis()
                + " ms what the active one has logged.",
            "Find out what it is busy with, or give it longer with " + "pair.catch-up.");
      }
    }
  }

  static void requireApplying(Session replica) {
    for (var link : Link.into(replica)) {
      if (!link.applying() || !link.error().isEmpty()) {
        throw ErrorCode.PAIR_NOT_READY.refuse(
            "Replication from "
                + link.source()
                + " has stopped"
                + (link.error().isEmpty() ? "." : ": " + link.error()),
            "Mend its error and start it again.");
      }
    }
  }

  /** Whether it gets there in time. */
  public static boolean reached(Session replica, Position position, Duration patience) {
    if (position.text().isEmpty()) {
      return true;
    }
    var seconds = patience.toMillis() / 1000.0;
    var call =
        replica.engine() == Engine.MARIADB
            ? "MASTER_GTID_WAIT('%s', %.3f)".formatted(position.text(), seconds)
            : position.gtid()
                ? "WAIT_FOR_EXECUTED_GTID_SET('%s', %.3f)"
                    .formatted(position.text(), Math.max(0.001, seconds))
                : fileWait(replica, position, seconds);
    var outcome = replica.first("SELECT " + call + " AS outcome").orElseThrow();
    if (outcome.isNull("outcome")) {
      return false;
    }
    // By position the number of events that were waited for; otherwise 1 is too late.
    long value = outcome.longValue("outcome");
    return position.gtid() ? value == 0 : value >= 0;
  }

  private static String fileWait(Session replica, Position position, double seconds) {
    var name = replica.version().atLeast(8, 0, 26) ? "SOURCE_POS_WAIT" : "MASTER_POS_WAIT";
    int colon = position.text().lastIndexOf(':');
    return "%s('%s', %s, %.3f)"
        .formatted(
            name,
            position.text().substring(0, colon),
            position.text().substring(colon + 1),
            Math.max(0.001, seconds));
  }

  private static String ask(Session session, String sql) {
    return Objects.requireNonNullElse(session.first(sql).orElseThrow().stringOrNull("p"), "");
  }
}
