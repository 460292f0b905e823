package dev.halcyon.backfill;

import dev.halcyon.mysql.Session;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** The session settings of a backfill. */
final class BackfillSettings {
  /** The shortest that the servers know: a chunk that waits holds up those who wait for it. */
  private static final Duration LOCK_WAIT = Duration.ofSeconds(1);

  private static final Set<String> STRICT =
      Set.of("STRICT_TRANS_TABLES", "STRICT_ALL_TABLES", "TRADITIONAL");

  private BackfillSettings() {}

  /**
   * @param quiet our own copying: sync triggers between tables stand aside, and a value that does
   *     not map is left to verify
   */
  static void apply(Session session, boolean quiet) {
    // Without gap locks inserts go on beside the chunk.
    session.execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
    session.setLockWait(LOCK_WAIT);
    if (quiet) {
      session.execute("SET @hal_quiet = 1");
      var mode = session.query("SELECT @@SESSION.sql_mode AS mode").getFirst().string("mode");
      var lenient =
          Arrays.stream(mode.split(","))
              .filter(part -> !STRICT.contains(part))
              .collect(Collectors.joining(","));
      session.execute("SET SESSION sql_mode = '" + lenient + "'");
    }
  }
}
