package dev.halcyon.pair.check;

import dev.halcyon.model.Engine;
import dev.halcyon.model.ServerVersion;
import dev.halcyon.mysql.Link;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one server of the pair says of itself.
 *
 * @param name as in the settings
 * @param variables global, by lower-case name; ON and OFF as words
 * @param fenced whether applications cannot write
 * @param atStart how it will be after a restart
 * @param links replication into it
 * @param logFilters what its binary log leaves out, {@code binlog_do_db = shop}
 * @param keyless tables without a primary key, {@code schema.table}
 * @param events that are enabled, {@code schema.event}
 * @param prepared XA transactions that wait for their end
 * @param privileged accounts that may write although the server is read-only, ours left out
 * @param errant transactions that it has and the active server has not; empty if none
 * @param rebuilds that have begun and not ended, {@code schema.table}
 */
public record MemberFacts(
    String name,
    Engine engine,
    ServerVersion version,
    Map<String, String> variables,
    boolean fenced,
    AtStart atStart,
    List<Link> links,
    List<String> logFilters,
    List<String> keyless,
    List<String> events,
    List<String> prepared,
    List<Privileged> privileged,
    String errant,
    List<String> rebuilds) {

  /** Whether applications may write to a server that has just started. */
  public enum AtStart {
    FENCED,
    OPEN,
    /** Its configuration is hidden behind what was set since. */
    UNKNOWN
  }

  /**
   * @param account {@code 'user'@'host'}
   * @param privilege by which it may
   * @param sessions that it has now
   */
  public record Privileged(String account, String privilege, long sessions) {}

  public MemberFacts {
    variables = Collections.unmodifiableMap(new TreeMap<>(variables));
    links = List.copyOf(links);
    logFilters = List.copyOf(logFilters);
    keyless = List.copyOf(keyless);
    events = List.copyOf(events);
    prepared = List.copyOf(prepared);
    privileged = List.copyOf(privileged);
    rebuilds = List.copyOf(rebuilds);
  }

  /** The value in upper case, or empty if the server has no such variable. */
  String variable(String variable) {
    return variables.getOrDefault(variable, "").toUpperCase(Locale.ROOT);
  }

  /** The first of the names that this server knows. */
  String known(String... names) {
    for (String candidate : names) {
      if (variables.containsKey(candidate)) {
        return candidate;
      }
    }
    return names[0];
  }

  boolean on(String variable) {
    var value = variable(variable);
    return value.equals("ON") || value.equals("1") || value.equals("YES");
  }

  boolean isMySql() {
    return engine == Engine.MYSQL;
  }

  /** A statement that sets a variable, for good where the engine can; and the line for the file. */
  Mend setting(String variable, String value, boolean harmless) {
    var literal = value.matches("\\d+|ON|OFF") ? value : "'" + value + "'";
    return new Mend(
        name,
        (isMySql() ? "SET PERSIST " : "SET GLOBAL ") + variable + " = " + literal,
        harmless,
        isMySql() ? "" : variable + " = " + value);
  }

  /** What only a restart with another configuration can change. */
  Mend configuration(String variable, String value) {
    return new Mend(name, "", false, variable + " = " + value);
  }
}
