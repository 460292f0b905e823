package dev.halcyon.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Everything that can be set, each under one name in the file, the environment and the flags. */
enum Setting {
  URL("<url>", null, "The database: jdbc:mysql://host:port/schema or jdbc:mariadb://..."),
  USER("<name>", null, "The account."),
  PASSWORD(null, null, "The account's password. Never an argument."),
  PASSWORD_FILE("<file>", null, "A file that holds the password and nothing else."),
  CA("<file>", null, "Certificate authority in PEM; the server must then prove who it is."),
  MIGRATIONS("<folder>", "migrations", "The folder of the change files."),
  LOCK_WAIT("<time>", "2s", "How long a schema statement may wait for a lock before it gives way."),
  CHUNK_TIME("<time>", "100ms", "How long one chunk of a backfill should take."),
  THREADS_RUNNING("<number>", "25", "Backfill waits while more threads than this are running."),
  REPLICA("<url>", null, "A replica that backfill must not leave behind."),
  MAX_LAG("<time>", "5s", "How far that replica may be behind."),
  COPY_ROWS("<rows>", "100000", "A table with more rows is never copied under a lock.");

  static final String PREFIX = "HALCYON_";

  private final @Nullable String argument;
  private final @Nullable String preset;
  private final String meaning;

  Setting(@Nullable String argument, @Nullable String preset, String meaning) {
    this.argument = argument;
    this.preset = preset;
    this.meaning = meaning;
  }

  /** The name in {@code halcyon.toml}: {@code lock-wait}. */
  String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The name in the environment: {@code HALCYON_LOCK_WAIT}. */
  String variable() {
    return PREFIX + name();
  }

  /** The flag: {@code --lock-wait}; what is secret has none. */
  Optional<String> flag() {
    return argument == null ? Optional.empty() : Optional.of("--" + key());
  }

  /** What stands for the value in a flag's usage text. */
  Optional<String> argument() {
    return Optional.ofNullable(argument);
  }

  Optional<String> preset() {
    return Optional.ofNullable(preset);
  }

  String meaning() {
    return meaning;
  }

  static Optional<Setting> ofKey(String key) {
    return Arrays.stream(values()).filter(s -> s.key().equals(key)).findFirst();
  }

  static List<String> keys() {
    return Arrays.stream(values()).map(Setting::key).toList();
  }
}
