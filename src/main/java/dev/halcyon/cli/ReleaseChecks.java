package dev.halcyon.cli;

import dev.halcyon.progress.Figures;
import dev.halcyon.rollout.JsonPath;
import dev.halcyon.rollout.Release;
import dev.halcyon.rollout.SmokeTest;
import dev.halcyon.rollout.Watch;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads smoke tests and watches of a release file. */
record ReleaseChecks(List<String> problems) {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration INTERVAL = Duration.ofSeconds(2);
  private static final Duration WINDOW = Duration.ofSeconds(30);
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final long SAMPLES = 20;
  private static final BigDecimal ERRORS = BigDecimal.ONE;
  private static final int MOST = 1_000_000;

  List<SmokeTest> smoke(TomlTable top) {
    var tests = new ArrayList<SmokeTest>();
    for (TomlTable table : top.tables("smoke")) {
      String command = table.text("command");
      String path = table.text("path");
      Duration timeout = table.time("timeout", TIMEOUT);
      String name = table.text("name");
      if ((command == null) == (path == null)) {
        table.report("path", "or command: exactly one of them says what is tested");
      }
      if (path != null) {
        tests.add(http(table, name == null ? path : name, path, timeout));
      } else if (command != null) {
        tests.add(new SmokeTest.Command(name == null ? command : name, command, timeout));
      }
      table.end();
    }
    return tests;
  }

  private static SmokeTest http(TomlTable table, String name, String path, Duration timeout) {
    if (!path.startsWith("/") || path.contains(" ")) {
      table.report("path", "= \"" + path + "\" is not a path such as /users?limit=1");
    }
    var json = table.values("json");
    json.keySet().stream()
        .filter(key -> JsonPath.parse(key).isEmpty())
        .forEach(key -> table.report("json", "has \"" + key + "\", not a path such as $.a[0].b"));
    String method = table.text("method");
    return new SmokeTest.Http(
        name,
        method == null ? "GET" : method,
        path,
        table.values("headers"),
        table.text("body"),
        new SmokeTest.Expected(
            Math.toIntExact(table.count("status", 599, 200)),
            table.values("expect-headers"),
            json,
            table.texts("text")),
        timeout);
  }

  /**
   * @param counts whether the balancer tells answers and failed ones
   */
  Release.Vigil vigil(TomlTable table, Duration pause, boolean counts) {
    Duration interval = table.time("interval", least(INTERVAL, pause));
    Duration window = table.time("window", least(WINDOW, pause));
    Duration patience = table.time("patience", PATIENCE);
    if (interval.compareTo(window) > 0) {
      contradiction(table, "interval", interval, "is longer than window", window);
    }
    if (window.compareTo(pause) > 0) {
      contradiction(table, "window", window, "is longer than traffic.pause", pause);
    }
    var watches = new ArrayList<Watch>();
    Watch counted = counted(table, window, counts);
    if (counted != null) {
      watches.add(counted);
    }
    for (TomlTable sql : table.tables("sql")) {
      watches.add(
          new Watch.Sql(
              sql.required("query"),
              sql.parsed("most", ReleaseChecks::number, "a number", BigDecimal.ZERO)));
      sql.end();
    }
    for (TomlTable command : table.tables("command")) {
      watches.add(new Watch.Command(command.required("command")));
      command.end();
    }
    table.end();
    return new Release.Vigil(interval, patience, watches);
  }

  private static @Nullable Watch counted(TomlTable table, Duration window, boolean counts) {
    boolean wanted = table.has("errors") || table.has("latency") || table.has("samples");
    BigDecimal given = table.parsed("errors", TomlTable::percent, "a percentage such as 1%");
    BigDecimal errors = given == null && !table.has("errors") ? ERRORS : given;
    Duration latency = table.parsed("latency", ReleaseChecks::time, "a time such as 500ms");
    long samples = table.count("samples", MOST, SAMPLES);
    if (!counts) {
      if (wanted) {
        table.report(
            "errors, latency and samples", "need commands.counters, which says how many there are");
      }
      return null;
    }
    return new Watch.Counted(
        window, samples, errors == null ? null : errors.movePointLeft(2).doubleValue(), latency);
  }

  private static void contradiction(
      TomlTable table, String key, Duration time, String words, Duration other) {
    table.report(
        key, "(" + Figures.duration(time) + ") " + words + " (" + Figures.duration(other) + ")");
  }

  private static Duration least(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static @Nullable Duration time(String text) {
    return Layers.parsed(text).filter(time -> !time.isZero()).orElse(null);
  }

  private static @Nullable BigDecimal number(String text) {
    return text.matches("-?\\d{1,18}(\\.\\d{1,9})?") ? new BigDecimal(text) : null;
  }
}
