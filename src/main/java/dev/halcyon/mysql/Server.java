package dev.halcyon.mysql;

import dev.halcyon.model.Engine;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Refusal;
import dev.halcyon.model.ServerVersion;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.mariadb.jdbc.Driver;

/**
 * One database server and one schema on it: opens sessions.
 *
 * <p>TLS is used when the server offers it; {@link TlsMode} says how it is verified.
 *
 * <p>Immutable and thread-safe.
 */
public final class Server {
  private static final String NO_TLS_HERE = "ssl not enabled in the server";

  /** Options that are not passed on, because what Halcyon does depends on their value. */
  private static final Set<String> OURS =
      Set.of(
          "user",
          "password",
          "autocommit",
          "allowmultiqueries",
          "allowlocalinfile",
          "autoreconnect",
          "connecttimeout",
          "createdatabaseifnotexist",
          "dumpqueriesonexception",
          "jdbccomplianttruncation",
          "pool",
          "sessionvariables",
          "tinyint1isbit",
          "transactionreplay",
          "transformedbitisboolean",
          "useaffectedrows",
          "sslmode",
          "usessl",
          "useserverprepstmts",
          "usebulkstmts",
          "yearisdatetype");

  private final ConnectionSettings settings;
  private final JdbcUrl url;
  private final Engine engine;
  private final ServerVersion version;
  private final boolean preparing;
  private final boolean several;
  private final LongAdder statements = new LongAdder();

  private Server(
      ConnectionSettings settings,
      JdbcUrl url,
      Engine engine,
      ServerVersion version,
      boolean preparing,
      boolean several) {
    this.settings = settings;
    this.url = url;
    this.engine = engine;
    this.version = version;
    this.preparing = preparing;
    this.several = several;
  }

  /**
   * Connects once and looks which server it is.
   *
   * @throws Refusal HAL-101, 110 to 114: the settings, the way to the server, the account, the
   *     schema, TLS, or a server that is not supported; with the server's own words
   */
  public static Server connect(ConnectionSettings settings) {
    var url = JdbcUrl.parse(settings.url());
    var ca = settings.ca();
    if (ca != null && !Files.isReadable(ca)) {
      throw ErrorCode.SETTINGS_INVALID.refuse(
          "The certificate authority " + ca + " cannot be read.", "Give the path of a PEM file.");
    }
    Connection connection;
    try {
      connection = open(settings, url, "connect", false, false);
    } catch (SQLException failure) {
      throw ConnectRefusals.of(failure, settings, url);
    }
    try (connection) {
      var text = ask(connection, "SELECT VERSION()");
      return new Server(settings, url, engine(text), supported(text), false, false);
    } catch (SQLException failure) {
      throw ConnectRefusals.of(failure, settings, url);
    }
  }

  /**
   * The same server. In sessions that are opened here, statements with arguments are prepared by
   * the server and kept for the next time, as many applications do.
   */
  public Server preparing() {
    return new Server(settings, url, engine, version, true, several);
  }

  /**
   * The same server. Sessions that are opened here may send several statements at once, which the
   * server works through even if the client is gone by then.
   */
  public Server several() {
    return new Server(settings, url, engine, version, preparing, true);
  }

  /**
   * Opens a session. It starts in autocommit, with the server's own sql_mode and time zone.
   *
   * @param purpose a word or two that the server's administrator sees among the connection's
   *     attributes
   * @throws Fault {@link Fault.Broken} if the server cannot be reached, {@link Fault.Transient} if
   *     it has no connection free, {@link Fault.Refused} if it does not let us in
   */
  public Session open(String purpose) {
    var action = "(connect to " + url.address() + " as " + settings.user() + ")";
    Connection connection;
    try {
      connection = open(settings, url, purpose, preparing, several);
    } catch (SQLException failure) {
      throw Faults.connecting(failure, action);
    }
    try {
      prepare(connection);
      var id = Long.parseLong(ask(connection, "SELECT CONNECTION_ID()"));
      return new Session(connection, engine, version, id, statements);
    } catch (SQLException failure) {
      var fault = Faults.connecting(failure, action);
      try {
        connection.close();
      } catch (SQLException second) {
        fault.addSuppressed(second);
      }
      throw fault;
    }
  }

  public Engine engine() {
    return engine;
  }

  public ServerVersion version() {
    return version;
  }

  /** The schema that the url names. */
  public String schema() {
    return url.schema();
  }

  /** How many statements all sessions that were opened here have sent so far. */
  public long statementsSent() {
    return statements.sum();
  }

  /** {@code host:port/schema}. */
  public String address() {
    return url.address();
  }

  public String user() {
    return settings.user();
  }

  /** How to reach the same server by the replication protocol. */
  public ReplicationAccess replicationAccess() {
    return ReplicationAccess.of(settings, url);
  }

  @Override
  public String toString() {
    return engine.label() + " " + version + " at " + address() + " as " + user();
  }

  private static Connection open(
      ConnectionSettings settings, JdbcUrl url, String purpose, boolean preparing, boolean several)
      throws SQLException {
    var given = TlsMode.of(settings, url);
    try {
      return driverConnection(
          properties(settings, url, purpose, given.orElse("trust"), preparing, several), url);
    } catch (SQLException failure) {
      var message = Objects.requireNonNullElse(failure.getMessage(), "");
      if (given.isPresent() || !message.contains(NO_TLS_HERE)) {
        throw failure;
      }
      return driverConnection(
          properties(settings, url, purpose, "disable", preparing, several), url);
    }
  }

  private static Connection driverConnection(Properties properties, JdbcUrl url)
      throws SQLException {
    var target = "jdbc:mariadb://" + url.address();
    var connection = new Driver().connect(target, properties);
    if (connection == null) {
      throw new SQLException("MariaDB Connector/J does not take the url");
    }
    return connection;
  }

  private static Properties properties(
      ConnectionSettings settings,
      JdbcUrl url,
      String purpose,
      String sslMode,
      boolean preparing,
      boolean several) {
    var all = new Properties();
    url.options()
        .forEach(
            (name, value) -> {
              if (!OURS.contains(name.toLowerCase(Locale.ROOT))) {
                all.setProperty(name, value);
              }
            });
    all.setProperty("user", settings.user());
    var password = settings.password();
    if (password != null) {
      all.setProperty("password", password);
    }
    all.setProperty("sslMode", sslMode);
    var ca = settings.ca();
    if (ca != null) {
      all.setProperty("serverSslCert", ca.toString());
    }
    // Only matters without TLS: how an account with caching_sha2_password then logs in at all.
    all.setProperty("allowPublicKeyRetrieval", "true");
    all.setProperty("connectTimeout", Long.toString(settings.connectTimeout().toMillis()));
    all.setProperty("tcpKeepAlive", "true");
    all.setProperty("allowMultiQueries", Boolean.toString(several));
    all.setProperty("allowLocalInfile", "false");
    all.setProperty("useServerPrepStmts", Boolean.toString(preparing));
    all.setProperty("useAffectedRows", "true");
    all.setProperty("jdbcCompliantTruncation", "false");
    all.setProperty("tinyInt1isBit", "false");
    all.setProperty("transformedBitIsBoolean", "false");
    all.setProperty("yearIsDateType", "false");
    all.setProperty("uuidAsString", "true");
    all.setProperty("autocommit", "true");
    all.setProperty(
        "connectionAttributes",
        "program_name:halcyon,purpose:" + purpose.replaceAll("[^A-Za-z0-9._ -]", "_"));
    return all;
  }

  /**
   * The driver's handshake adds IGNORE_SPACE to sql_mode, which triggers would then be created
   * with. A session that rests while another one works for hours must still be there afterwards.
   */
  private static void prepare(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      var _ =
          statement.execute(
              "SET SESSION sql_mode = @@GLOBAL.sql_mode,"
                  + " SESSION wait_timeout = CAST(GREATEST(@@SESSION.wait_timeout, 28800) AS UNSIGNED)");
    }
  }

  private static String ask(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var result = statement.executeQuery(sql)) {
      if (!result.next()) {
        throw new SQLException("no answer to " + sql);
      }
      return Objects.requireNonNull(result.getString(1), sql);
    }
  }

  private static Engine engine(String versionText) {
    return versionText.toLowerCase(Locale.ROOT).contains("mariadb") ? Engine.MARIADB : Engine.MYSQL;
  }

  private static ServerVersion supported(String versionText) {
    var text = versionText.startsWith("5.5.5-") ? versionText.substring(6) : versionText;
    var lower = text.toLowerCase(Locale.ROOT);
    var other =
        lower.contains("tidb") || lower.contains("vitess") || !text.matches("\\d+\\.\\d+\\.\\d.*");
    if (!other) {
      var version = ServerVersion.parse(text);
      var old =
          switch (engine(text)) {
            case MYSQL -> !version.atLeast(8, 0, 0);
            case MARIADB -> !version.atLeast(10, 6, 0);
          };
      if (!old) {
        return version;
      }
    }
    throw ErrorCode.ENGINE_UNSUPPORTED.refuse(
        "The server calls itself " + versionText + ".",
        "Halcyon works with MySQL from 8.0 and MariaDB from 10.6.");
  }
}
