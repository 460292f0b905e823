package dev.halcyon.cli;

import dev.halcyon.balancer.RuntimeSocket;
import dev.halcyon.mysql.ConnectionSettings;
import dev.halcyon.pair.Member;
import dev.halcyon.pair.traffic.HaProxyAccess;
import dev.halcyon.pair.traffic.TrafficCommands;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads {@code [pair.traffic]}. */
final class PairRouteReader {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private static final List<String> HAPROXY = List.of("socket", "backend", "through");
  private static final List<String> COMMANDS = List.of("hold", "repoint", "release", "status");
  private static final List<String> OPTIONAL = List.of("close", "timeout");
  private static final List<String> ALL =
      Stream.of(HAPROXY, COMMANDS, OPTIONAL).flatMap(List::stream).toList();

  private final Layers layers;
  private final Map<String, String> values;

  private PairRouteReader(Layers layers) {
    this.layers = layers;
    this.values = layers.table(Setting.PAIR_TRAFFIC);
  }

  /**
   * Null if nothing is said, so that it is the proxy. Problems are reported to the layers.
   *
   * @param user of what goes through HAProxy as clients do
   */
  static @Nullable PairRoute read(
      Layers layers, String user, @Nullable String password, @Nullable Path authority) {
    var reader = new PairRouteReader(layers);
    if (reader.values.isEmpty()) {
      return null;
    }
    reader.requireKnown();
    return HAPROXY.stream().anyMatch(reader.values::containsKey)
        ? reader.haProxy(user, password, authority)
        : reader.commands();
  }

  private void requireKnown() {
    for (String name : values.keySet()) {
      if (!ALL.contains(name)) {
        report(name + " is not known" + Nearest.suggestion(name, ALL));
      }
    }
  }

  private PairRoute haProxy(String user, @Nullable String password, @Nullable Path authority) {
    for (String name : Stream.concat(COMMANDS.stream(), OPTIONAL.stream()).toList()) {
      if (values.containsKey(name)) {
        report(name + " belongs to commands, socket to HAProxy; give one of the two");
      }
    }
    return new PairRoute.ByHaProxy(
        new HaProxyAccess(
            socket(required("socket")),
            required("backend"),
            new Member(
                "HAProxy",
                new ConnectionSettings(required("through"), user, password, authority))));
  }

  private String socket(String text) {
    if (!RuntimeSocket.isAddress(text)) {
      return text.isEmpty() ? text : layers.resolve(Setting.PAIR_TRAFFIC, text).toString();
    }
    if (!RuntimeSocket.isLocalAddress(text)) {
      report("socket = \"" + text + "\" is neither a path nor an address of this host");
    }
    return text;
  }

  private PairRoute commands() {
    return new PairRoute.ByCommands(
        new TrafficCommands(
            layers.resolve(Setting.PAIR_TRAFFIC, ""),
            required("hold"),
            required("repoint"),
            required("release"),
            required("status"),
            values.get("close"),
            timeout()));
  }

  private Duration timeout() {
    var text = values.get("timeout");
    if (text == null) {
      return TIMEOUT;
    }
    var time = Layers.parsed(text).filter(Duration::isPositive);
    if (time.isEmpty()) {
      report("timeout = \"" + text + "\" is not a time such as 500ms or 10s");
    }
    return time.orElse(TIMEOUT);
  }

  private String required(String name) {
    if (!values.containsKey(name)) {
      report(name + " is not set");
    }
    return Objects.requireNonNullElse(values.get(name), "");
  }

  private void report(String problem) {
    layers.report(layers.origin(Setting.PAIR_TRAFFIC) + ": " + problem + ".", "");
  }
}
