package dev.halcyon.proxy.lease;

import dev.halcyon.model.Engine;
import dev.halcyon.model.Refusal;
import dev.halcyon.mysql.ConnectionSettings;
import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.Server;
import dev.halcyon.mysql.Session;
import dev.halcyon.proxy.lease.Sight.Seen;
import dev.halcyon.proxy.lease.Sight.Unseen;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Looks at the servers, at all of them at once, each with a short connection of its own. */
public final class ServerSights {
  /** A flag on some servers, a word on others; super_read_only brings it along. */
  private static final String FENCED =
      "CAST(@@GLOBAL.read_only AS CHAR) NOT IN ('0', 'OFF') OR @@GLOBAL.innodb_read_only";

  private static final String MYSQL_HAS = "@@GLOBAL.gtid_executed";
  private static final String MARIADB_WROTE = "@@GLOBAL.gtid_binlog_pos";

  /** What it has from elsewhere, too. */
  private static final String MARIADB_HAS =
      "CONCAT_WS(',', @@GLOBAL.gtid_binlog_pos, @@GLOBAL.gtid_slave_pos)";

  private final Map<String, ConnectionSettings> servers;
  private final Duration patience;

  /**
   * @param servers by name; an account that may log in suffices
   * @param patience for each look at all of them; a server that takes longer is not seen
   */
  public ServerSights(Map<String, ConnectionSettings> servers, Duration patience) {
    this.servers = Collections.unmodifiableMap(new LinkedHashMap<>(servers));
    this.patience = patience;
  }

  /** What one look at a server has told. */
  private record Look(
      boolean readOnly, Duration uptime, GtidPosition position, GtidPosition received) {}

  /**
   * @param current the server that clients are on
   */
  public Map<String, Sight> look(String current) throws InterruptedException {
    var looks = new LinkedHashMap<String, FutureTask<Look>>();
    servers.forEach((name, settings) -> looks.put(name, started(name, settings)));
    long end = System.nanoTime() + patience.toNanos();
    var done = new LinkedHashMap<String, Look>();
    var sights = new LinkedHashMap<String, Sight>();
    for (var entry : looks.entrySet()) {
      try {
        long left = Math.max(0, end - System.nanoTime());
        done.put(entry.getKey(), entry.getValue().get(left, TimeUnit.NANOSECONDS));
      } catch (ExecutionException failure) {
        sights.put(entry.getKey(), new Unseen(reason(failure)));
      } catch (TimeoutException late) {
        sights.put(entry.getKey(), new Unseen("no answer within " + patience.toMillis() + " ms"));
      }
    }
    Look reference = done.get(current);
    done.forEach(
        (name, look) ->
            sights.put(
                name,
                new Seen(
                    look.readOnly(),
                    look.uptime(),
                    reference != null && !look.received().covers(reference.position()))));
    return sights;
  }

  /** The thread of a server that never answers ends with its socket, which has time limits. */
  private FutureTask<Look> started(String name, ConnectionSettings settings) {
    var task = new FutureTask<>(() -> look(settings));
    Thread.ofVirtual().name("halcyon-look-at-" + name).start(task);
    return task;
  }

  private Look look(ConnectionSettings settings) {
    var limited =
        new ConnectionSettings(
            settings.url() + "?socketTimeout=" + patience.toMillis(),
            settings.user(),
            settings.password(),
            settings.ca(),
            patience);
    try (var session = Server.connect(limited).open("look")) {
      return look(session);
    }
  }

  private static Look look(Session session) {
    boolean readOnly =
        session.first("SELECT " + FENCED + " AS fenced").orElseThrow().longValue("fenced") != 0;
    long uptime =
        session.query("SHOW GLOBAL STATUS LIKE 'Uptime'").stream()
            .mapToLong(row -> Long.parseLong(row.string("Value")))
            .findFirst()
            .orElse(0);
    return new Look(
        readOnly,
        Duration.ofSeconds(uptime),
        position(session, session.engine() == Engine.MYSQL ? MYSQL_HAS : MARIADB_WROTE),
        position(session, session.engine() == Engine.MYSQL ? MYSQL_HAS : MARIADB_HAS));
  }

  private static GtidPosition position(Session session, String expression) {
    var row = session.first("SELECT " + expression + " AS position").orElseThrow();
    String text = Objects.requireNonNullElse(row.stringOrNull("position"), "");
    return switch (session.engine()) {
      case MYSQL -> GtidPosition.ofMySql(text);
      case MARIADB -> GtidPosition.ofMariaDb(text);
    };
  }

  private static String reason(ExecutionException failure) {
    return switch (failure.getCause()) {
      case Fault fault -> fault.words();
      case Refusal refusal -> refusal.findings().getFirst().message();
      case null, default -> String.valueOf(failure.getCause());
    };
  }
}
