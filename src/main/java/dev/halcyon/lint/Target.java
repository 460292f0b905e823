package dev.halcyon.lint;

import dev.halcyon.model.Engine;
import dev.halcyon.model.ServerVersion;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The server that the changes are for, as far as it is known.
 *
 * @param version null when only the engine is known; rules then grade for the oldest supported one
 * @param log how row changes are logged for replicas
 * @param copyRows a table with more rows is large
 */
public record Target(Engine engine, @Nullable ServerVersion version, Log log, long copyRows) {
  private static final Pattern SHAPE =
      Pattern.compile("(?i)(mysql|mariadb)(?:-(\\d+)(?:\\.(\\d+))?(?:\\.(\\d+))?)?");
  private static final long COPY_ROWS = 100_000;

  /** {@code binlog_format}. */
  public enum Log {
    UNKNOWN,
    STATEMENT,
    MIXED,
    ROW
  }

  /** Reads {@code mysql}, {@code mysql-8.0}, {@code mariadb-10.6.12}; empty for anything else. */
  public static Optional<Target> parse(String text) {
    Matcher m = SHAPE.matcher(text);
    if (!m.matches()) {
      return Optional.empty();
    }
    Engine engine = m.group(1).equalsIgnoreCase("mysql") ? Engine.MYSQL : Engine.MARIADB;
    ServerVersion version =
        m.group(2) == null
            ? null
            : new ServerVersion(number(m.group(2)), number(m.group(3)), number(m.group(4)));
    return Optional.of(new Target(engine, version, Log.UNKNOWN, COPY_ROWS));
  }

  private static int number(@Nullable String digits) {
    return digits == null ? 0 : Integer.parseInt(digits);
  }

  public Target withLog(Log newLog) {
    return new Target(engine, version, newLog, copyRows);
  }

  public Target withCopyRows(long rows) {
    return new Target(engine, version, log, rows);
  }

  boolean isMySql() {
    return engine == Engine.MYSQL;
  }

  /** Whether the version is known to be at least this one. */
  boolean atLeast(int major, int minor, int patch) {
    return version != null && version.atLeast(major, minor, patch);
  }

  /** {@code MySQL 8.0.33}, or the engine alone. */
  String label() {
    return engine.label() + (version == null ? "" : " " + version);
  }
}
