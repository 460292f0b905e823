package dev.halcyon.pair;

import dev.halcyon.model.Engine;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.mysql.Session;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The transactions that began on a server, apart from those that it got by replication: what the
 * other server has of them tells how far it follows, although both are written to. MariaDB's
 * positions cannot tell that where both count in one domain.
 */
public final class OwnTransactions {
  private static final Duration LOOK = Duration.ofMillis(2);

  private OwnTransactions() {}

  /** For comparison with a later look; empty if there are none, or if it cannot be told. */
  public static String of(Session session) {
    return switch (session.engine()) {
      case MARIADB -> text(state(session, id(session)));
      case MYSQL -> {
        var row =
            session
                .first(
                    "SELECT REPLACE(@@GLOBAL.gtid_executed, '\\n', '') AS s, @@server_uuid AS id")
                .orElseThrow();
        yield Arrays.stream(row.string("s").split(",", -1))
            .map(String::strip)
            .filter(part -> part.startsWith(row.string("id")))
            .collect(Collectors.joining(","));
      }
    };
  }

  /**
   * Until the replica has all that began on the source by now; the replica may go on by itself.
   *
   * @param each is run before each look
   * @throws dev.halcyon.model.Refusal HAL-723 if it takes longer, HAL-721 if replication stops
   */
  static void awaitOn(Session replica, Session source, Duration budget, Runnable each)
      throws InterruptedException {
    if (source.engine() == Engine.MYSQL) {
      CatchUp.await(replica, CatchUp.position(source), budget, each);
      return;
    }
    long sourceId = id(source);
    var wanted = state(source, sourceId);
    long end = System.nanoTime() + budget.toNanos();
    while (true) {
      each.run();
      if (covers(state(replica, sourceId), wanted)) {
        return;
      }
      CatchUp.requireApplying(replica);
      if (System.nanoTime() >= end) {
        throw ErrorCode.PAIR_LAG.refuse(
            "The other server has not executed within %d ms what began on this one: %s of %s."
                .formatted(budget.toMillis(), text(state(replica, sourceId)), text(wanted)),
            "Find out what it is busy with, or give it longer with pair.catch-up.");
      }
      TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
    }
  }

  private static boolean covers(Map<String, Long> has, Map<String, Long> wanted) {
    return wanted.entrySet().stream()
        .allMatch(entry -> has.getOrDefault(entry.getKey(), 0L) >= entry.getValue());
  }

  /** MariaDB: the last number by domain of what began on a server, as another one has logged it. */
  private static SortedMap<String, Long> state(Session session, long serverId) {
    var text = session.first("SELECT @@GLOBAL.gtid_binlog_state AS s").orElseThrow().string("s");
    var state = new TreeMap<String, Long>();
    for (String gtid : text.split(",", -1)) {
      var parts = gtid.strip().split("-", -1);
      if (parts.length == 3 && parts[1].equals(Long.toString(serverId))) {
        state.put(parts[0], Long.parseLong(parts[2]));
      }
    }
    return state;
  }

  private static String text(SortedMap<String, Long> state) {
    return state.entrySet().stream()
        .map(entry -> "domain " + entry.getKey() + ": " + entry.getValue())
        .collect(Collectors.joining(", "));
  }

  private static long id(Session session) {
    return session.first("SELECT @@GLOBAL.server_id AS id").orElseThrow().longValue("id");
  }
}
