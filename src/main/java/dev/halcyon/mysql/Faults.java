package dev.halcyon.mysql;

import dev.halcyon.model.Engine;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Tells faults apart. The numbers are those of the MySQL and MariaDB error references; where the
 * two differ, a number means only one thing that can happen here.
 */
final class Faults {
  /**
   * A repeat is right. 1020: MariaDB's innodb_snapshot_isolation; 1040, 1203, 1226: too many
   * connections; 1047: a Galera node that is not ready; 1205, 1213, 1614, 3058: lock waits and
   * deadlocks; 1206, 1637: no room for locks or transactions at the moment; 1412, 1615: the table's
   * definition changed meanwhile; 3572: NOWAIT. Statement time limits (3024, 1969) are not here: a
   * repeat would take as long again.
   */
  private static final Set<Integer> PASSING =
      Set.of(1020, 1040, 1047, 1203, 1205, 1206, 1213, 1226, 1412, 1614, 1615, 1637, 3058, 3572);

  /**
   * The server says that the connection ends, perhaps in the middle of the statement. 1053: it
   * shuts down; 1080, 1152, 1184: aborted; 1158 to 1161: network; 1927: killed (MariaDB).
   */
  private static final Set<Integer> ENDING =
      Set.of(1053, 1080, 1152, 1158, 1159, 1160, 1161, 1184, 1927);

  /**
   * MySQL said, before it read the statement, that the session had been idle for too long. In
   * MariaDB it is that a trigger is named that is not there.
   */
  private static final int IDLE_TOO_LONG = 4031;

  /** The driver's own number for a connection that it knows to be closed. */
  private static final int CLOSED = 1220;

  /** Inside a transaction these do not commit, so losing one of them loses nothing but itself. */
  private static final Set<String> WITHIN_TRANSACTION =
      Set.of("SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE", "WITH", "SAVEPOINT", "DO");

  private static final Set<String> READING =
      Set.of(
          "SELECT", "SHOW", "WITH", "EXPLAIN", "DESCRIBE", "DESC", "TABLE", "VALUES", "ROLLBACK");

  private static final Pattern CONNECTION_PREFIX = Pattern.compile("^\\(conn=\\d+\\) ");
  private static final Pattern LEADING_NOISE =
      Pattern.compile("^(?:\\s|\\(|/\\*.*?\\*/|--\\s[^\\n]*\\n|#[^\\n]*\\n)+", Pattern.DOTALL);

  private Faults() {}

  /**
   * @param sql the statement
   * @param inTransaction whether it ran in an explicit transaction
   * @param reading whether the caller only reads
   * @param alive whether the driver still holds the connection open after the failure
   */
  static Fault of(
      SQLException failure,
      Engine engine,
      String sql,
      boolean inTransaction,
      boolean reading,
      boolean alive) {
    var code = Math.max(0, failure.getErrorCode());
    var state = Objects.requireNonNullElse(failure.getSQLState(), "");
    var words = words(failure);
    if (code == CLOSED || (code == IDLE_TOO_LONG && engine == Engine.MYSQL)) {
      return new Fault.Broken(code == CLOSED ? 0 : code, state, words, sql, failure);
    }
    if (!ENDING.contains(code) && alive && !(code == 0 && state.startsWith("08"))) {
      return PASSING.contains(code)
          ? new Fault.Transient(code, state, words, sql, failure)
          : new Fault.Refused(code, state, words, sql, failure);
    }
    var withoutEffect = inTransaction ? withinTransaction(sql) : reading && reads(sql);
    return withoutEffect || setsSessionOnly(sql)
        ? new Fault.Broken(code, state, words, sql, failure)
        : new Fault.OutcomeUnknown(code, state, words, sql, failure);
  }

  /** A failed attempt to connect; nothing was sent that could have an effect. */
  static Fault connecting(SQLException failure, String action) {
    var code = Math.max(0, failure.getErrorCode());
    var state = Objects.requireNonNullElse(failure.getSQLState(), "");
    var words = words(failure);
    if (code == 0 || ENDING.contains(code)) {
      return new Fault.Broken(code, state, words, action, failure);
    }
    return PASSING.contains(code)
        ? new Fault.Transient(code, state, words, action, failure)
        : new Fault.Refused(code, state, words, action, failure);
  }

  /** The words without the driver's prefix, with the cause's where the driver hides it. */
  private static String words(SQLException failure) {
    var own = Objects.requireNonNullElse(failure.getMessage(), failure.getClass().getSimpleName());
    var words = CONNECTION_PREFIX.matcher(own).replaceFirst("");
    var cause = failure.getCause();
    if (cause == null || cause.getMessage() == null || words.contains(cause.getMessage())) {
      return words;
    }
    return words + ": " + CONNECTION_PREFIX.matcher(cause.getMessage()).replaceFirst("");
  }

  private static boolean withinTransaction(String sql) {
    return WITHIN_TRANSACTION.contains(verb(sql)) || reads(sql);
  }

  private static boolean reads(String sql) {
    return READING.contains(verb(sql));
  }

  private static boolean setsSessionOnly(String sql) {
    var upper = sql.strip().toUpperCase(Locale.ROOT);
    return (upper.startsWith("SET ") && !upper.contains("GLOBAL") && !upper.contains("PERSIST"))
        || upper.startsWith("USE ")
        || upper.startsWith("START TRANSACTION")
        || upper.startsWith("UNLOCK TABLES")
        || upper.startsWith("LOCK TABLES");
  }

  private static String verb(String sql) {
    var text = LEADING_NOISE.matcher(sql).replaceFirst("");
    var end = 0;
    while (end < text.length() && Character.isLetter(text.charAt(end))) {
      end++;
    }
    return text.substring(0, end).toUpperCase(Locale.ROOT);
  }
}
