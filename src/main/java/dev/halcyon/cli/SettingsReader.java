package dev.halcyon.cli;

import dev.halcyon.rebuild.CaptureBy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts the settings of a run together. */
final class SettingsReader {
  private static final Set<String> SOURCES = Set.of(Settings.SERVER, Settings.PROXY);

  private final Layers layers;

  private SettingsReader(Layers layers) {
    this.layers = layers;
  }

  /**
   * @param folder the working directory
   * @throws dev.halcyon.model.Refusal HAL-101 with every problem
   */
  static Settings read(Map<Setting, String> flags, Map<String, String> environment, Path folder) {
    return new SettingsReader(new Layers(flags, environment, folder)).read();
  }

  private Settings read() {
    String url = layers.required(Setting.URL);
    String user = layers.required(Setting.USER);
    String password = password(layers);
    Path ca = layers.path(Setting.CA).orElse(null);
    if (ca != null && !Files.isReadable(ca)) {
      layers.report(layers.origin(Setting.CA) + ": " + ca + " cannot be read.", "");
    }
    Path migrations = layers.path(Setting.MIGRATIONS).orElse(layers.folder());
    Duration lockWait = layers.duration(Setting.LOCK_WAIT, Duration.ofSeconds(1));
    Duration chunkTime = layers.duration(Setting.CHUNK_TIME, Duration.ofMillis(1));
    long threads = layers.count(Setting.THREADS_RUNNING, 2, 100_000);
    long history = layers.count(Setting.HISTORY_LENGTH, 1, Long.MAX_VALUE);
    Duration maxLag = layers.duration(Setting.MAX_LAG, Duration.ofSeconds(3));
    long copyRows = layers.count(Setting.COPY_ROWS, 0, Long.MAX_VALUE);
    CaptureBy capture =
        layers.typed(
            Setting.CAPTURE,
            text -> CaptureBy.of(text.strip()).orElse(null),
            "log or triggers",
            CaptureBy.LOG);
    Duration gateUnused =
        layers.given(Setting.GATE_UNUSED).isPresent()
            ? layers.duration(Setting.GATE_UNUSED, Duration.ofSeconds(1))
            : null;
    Set<String> sources = sources();
    layers.throwIfProblems();
    return new Settings(
        layers.file(),
        url,
        user,
        password,
        ca,
        migrations,
        lockWait,
        chunkTime,
        Math.toIntExact(threads),
        history,
        layers.value(Setting.REPLICA).orElse(null),
        maxLag,
        copyRows,
        capture,
        gateUnused,
        sources,
        neighbours());
  }

  private Set<String> neighbours() {
    var urls = new HashSet<String>();
    layers.value(Setting.REPLICA).ifPresent(urls::add);
    if (layers.given(Setting.PAIR_SERVERS).isPresent()) {
      urls.addAll(layers.table(Setting.PAIR_SERVERS).values());
    }
    return urls;
  }

  private Set<String> sources() {
    return layers.typed(
        Setting.USAGE_SOURCES,
        text -> {
          Set<String> names = Set.of(text.strip().split("\\s*,\\s*", -1));
          return SOURCES.containsAll(names) ? names : null;
        },
        "server, proxy, or server,proxy",
        SOURCES);
  }

  /** The password or the file that holds it, whichever is set closer to the command. */
  static @Nullable String password(Layers layers) {
    if (layers.rank(Setting.PASSWORD) <= layers.rank(Setting.PASSWORD_FILE)) {
      return layers.given(Setting.PASSWORD).orElse(null);
    }
    Path secret = layers.path(Setting.PASSWORD_FILE).orElse(layers.folder());
    try {
      return Files.readString(secret).stripTrailing();
    } catch (IOException failure) {
      layers.report(layers.origin(Setting.PASSWORD_FILE) + ": " + secret + " cannot be read.", "");
      return null;
    }
  }
}
