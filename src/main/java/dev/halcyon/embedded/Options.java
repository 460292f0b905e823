package dev.halcyon.embedded;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How a server is started.
 *
 * @param durable flush at every commit, as production does; otherwise a commit survives the death
 *     of the server, not that of the machine
 * @param tls offer TLS with a certificate for 127.0.0.1 and localhost
 * @param settings server variables by name, e.g. {@code innodb_buffer_pool_size} to {@code 2G};
 *     they outrank the defaults, and an empty value gives the bare flag
 */
public record Options(boolean durable, boolean tls, Map<String, String> settings) {

  public Options {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    settings.keySet().forEach(Options::requireName);
  }

  /** Relaxed durability, TLS offered, row binlog on, triggers allowed without SUPER. */
  public static Options defaults() {
    return new Options(false, true, Map.of());
  }

  public Options durable(boolean value) {
    return new Options(value, tls, settings);
  }

  public Options tls(boolean value) {
    return new Options(durable, value, settings);
  }

  /** Sets a server variable; a later value replaces an earlier one. */
  public Options with(String variable, String value) {
    var all = new LinkedHashMap<>(settings);
    all.put(variable.replace('-', '_'), value);
    return new Options(durable, tls, all);
  }

  /** The default settings and the given ones over them, as the server's arguments. */
  Iterable<String> arguments() {
    var all = new LinkedHashMap<String, String>();
    all.put("innodb_buffer_pool_size", "128M");
    all.put("max_connections", "300");
    all.put("log_bin", "binlog");
    all.put("binlog_format", "ROW");
    all.put("server_id", "1");
    all.put("event_scheduler", "OFF");
    all.put("log_bin_trust_function_creators", "ON");
    all.put("innodb_flush_log_at_trx_commit", durable ? "1" : "2");
    all.put("sync_binlog", durable ? "1" : "0");
    all.putAll(settings);
    return all.entrySet().stream().map(Options::argument).collect(Collectors.toList());
  }

  private static String argument(Map.Entry<String, String> setting) {
    var flag = "--" + setting.getKey().replace('_', '-');
    return setting.getValue().isEmpty() ? flag : flag + "=" + setting.getValue();
  }

  private static void requireName(String variable) {
    if (!variable.matches("[a-z][a-z0-9_]*")) {
      throw new IllegalArgumentException("Not a server variable: " + variable);
    }
  }
}
