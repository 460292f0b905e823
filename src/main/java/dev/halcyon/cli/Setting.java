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
  HISTORY_LENGTH(
      "<number>", "1000000", "Backfill waits while InnoDB's history list is longer than this."),
  REPLICA("<url>", null, "A replica that backfill must not leave behind."),
  MAX_LAG("<time>", "5s", "How far that replica may be behind."),
  COPY_ROWS("<rows>", "100000", "A table with more rows is never copied under a lock."),
  CAPTURE(
      "<name>", "log", "What tells a rebuild of writes: the server's log, or triggers it makes."),
  GATE_UNUSED("<time>", null, "Contract waits until what it drops was not used for so long."),
  USAGE_SOURCES("<names>", "server", "Who sees all statements: server, proxy, or both."),
  LINT_FOR("<server>", null, "What the changes are for: mysql-8.0.33, mariadb-10.6, mysql."),
  LINT_AGAINST(
      "<file>", null, "The schema before the changes: CREATE statements, or the word server."),
  LINT_RULES("<rule=level>", null, "Rules by level: off, information, warning or error."),
  PAIR_SERVERS(
      "<name=url>", null, "The two servers of the pair, each under the proxy's name for it."),
  PAIR_LONGEST_LAG(
      "<time>", "300ms", "How far the passive server may be behind before a switchover."),
  PAIR_CATCH_UP(
      "<time>", "5s", "How long it may take, once the active one is fenced, to get even."),
  PAIR_LONGEST_TRANSACTION(
      "<time>", "2s", "A switchover waits no longer for a transaction, or does not begin."),
  PAIR_TRAFFIC(
      "<name=value>",
      null,
      "What leads clients to the pair if it is not halcyon proxy: HAProxy or commands."),
  PAIR_REPLICATION_USER("<name>", null, "The account of replication; pair init alone uses it."),
  PAIR_REPLICATION_PASSWORD_FILE("<file>", null, "The file with its password."),
  PAIR_PROXIES(
      "<name=address>",
      null,
      "Where several proxies before the pair are controlled, each by its name."),
  PAIR_PROXY_TOKENS("<name=file>", null, "The token files of those that have one of their own."),
  PROXY_LISTEN("<address>", "127.0.0.1:6306", "Where clients come in."),
  PROXY_SERVERS("<name=address>", null, "The servers, each with the name it has for a switchover."),
  PROXY_FIRST(
      "<name>", null, "Where clients go if looking at the servers does not tell who is writable."),
  PROXY_ACCOUNTS("<user=file>", null, "Who may log in, each with a file that holds the password."),
  PROXY_LEARN(
      "<yes|no>", "no", "Whether others may log in, too, if they show the server's password."),
  PROXY_TLS_CERT("<file>", null, "What clients are shown, in PEM; else one that it makes itself."),
  PROXY_TLS_KEY("<file>", null, "The private key of that, in PEM."),
  PROXY_TLS_CA("<file>", null, "The authority of the servers' certificates, in PEM."),
  PROXY_SERVER_TLS(
      "<name>", "prefer", "TLS to the servers: off, prefer (unproven) or verify (needs tls-ca)."),
  PROXY_THREADS(
      "<number>", null, "How many threads pass bytes on; else one for each processor, up to 16."),
  PROXY_MONITOR("<user>", null, "The account that looks at the servers; else the first one."),
  PROXY_CONTROL("<address>", "127.0.0.1:6307", "Where it is controlled, from this host only."),
  PROXY_TOKEN_FILE("<file>", "halcyon-proxy.token", "Who can read it may control the proxy."),
  PROXY_LEASE("<time>", "10s", "After it a hold that nobody renews is decided by the proxy."),
  PROXY_GRACE("<time>", "500ms", "How long a hold waits for open transactions."),
  PROXY_POLICY("<name>", "give-up", "What a hold does after that: give-up or close-idle."),
  PROXY_LONGEST_HOLD(
      "<time>", "60s", "So long clients wait at most if nobody knows where to let them go."),
  PROXY_DRAIN("<time>", "30s", "At its end the proxy waits so long for open transactions."),
  PROXY_HAND_OVER("<time>", "1h", "So long an old process serves its sessions beside a new one.");

  static final String PREFIX = "HALCYON_";

  /** The commands that take a setting. */
  enum Area {
    RUNS,
    LINT,
    PAIR,
    PROXY
  }

  private final @Nullable String argument;
  private final @Nullable String preset;
  private final String meaning;

  Setting(@Nullable String argument, @Nullable String preset, String meaning) {
    this.argument = argument;
    this.preset = preset;
    this.meaning = meaning;
  }

  Area area() {
    return Arrays.stream(Area.values())
        .filter(area -> name().startsWith(area.name() + "_"))
        .findFirst()
        .orElse(Area.RUNS);
  }

  /** Whether it has many values, each under a name: a table in {@code halcyon.toml}. */
  boolean isTable() {
    return argument != null && argument.contains("=");
  }

  /** The name in {@code halcyon.toml}: {@code lock-wait}, {@code proxy.listen}. */
  String key() {
    return switch (area()) {
      case RUNS -> dashed();
      case LINT -> "lint." + dashed();
      case PAIR -> "pair." + dashed();
      case PROXY -> "proxy." + dashed();
    };
  }

  private String dashed() {
    return name()
        .replaceFirst("^(PROXY|PAIR|LINT)_", "")
        .toLowerCase(Locale.ROOT)
        .replace('_', '-');
  }

  /** The name in the environment: {@code HALCYON_LOCK_WAIT}. */
  String variable() {
    return PREFIX + name();
  }

  /** The flag: {@code --lock-wait}; what is secret has none. */
  Optional<String> flag() {
    return argument == null ? Optional.empty() : Optional.of("--" + dashed());
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
