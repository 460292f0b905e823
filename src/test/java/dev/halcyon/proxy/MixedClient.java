package dev.halcyon.proxy;

import com.mysql.cj.MysqlConnection;
import com.mysql.cj.jdbc.JdbcConnection;
import dev.halcyon.proxy.MixedClients.Door;
import dev.halcyon.proxy.MixedClients.Kind;
import dev.halcyon.proxy.MixedClients.Notes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * A client that writes its numbers to the {@link Ledger} and sees to it, before each piece of work,
 * that its session is what it was after the one before. For one thread.
 */
final class MixedClient {
  private static final int LONGEST_TRANSACTION_MILLIS = 200;
  private static final int LONGEST_THOUGHT_MILLIS = 250;
  private static final int PIECES_OF_A_STATEMENT = 20;
  private static final Duration LONGEST_BINDING = Duration.ofSeconds(5);

  /** In how many switchovers a table is kept through one of them. */
  private static final int KEEPS = 4;

  private static final List<List<String>> WAYS =
      List.of(
          List.of("mariadb", ""),
          List.of("mysql", ""),
          List.of("mariadb", "&useServerPrepStmts=true&disablePipeline=true"),
          List.of("mysql", "&useServerPrepStmts=true&cachePrepStmts=true"),
          List.of("mariadb", "&deprecateEof=false"));

  private static final List<List<String>> PREPARING =
      List.of(
          List.of("mariadb", "&useServerPrepStmts=true"),
          List.of("mysql", "&useServerPrepStmts=true"),
          List.of("mariadb", "&useServerPrepStmts=true&deprecateEof=false&enableSkipMeta=false"));

  /** The other one resets a session on MariaDB only. */
  private static final List<String> RESETTABLE = List.of("mysql", "");

  /** With %d a number that is not said twice in a row. */
  private static final List<String> SETTINGS =
      List.of(
          "SET SESSION lock_wait_timeout = 1000 + %d",
          "SET time_zone = CONCAT('+0', %d MOD 10, ':30')",
          "SET sql_mode = CONCAT_WS(',', 'STRICT_TRANS_TABLES', IF(%d MOD 2, 'ANSI_QUOTES', NULL))",
          "SET SESSION group_concat_max_len = 2000 + %d, div_precision_increment = %<d MOD 9",
          "SET @text = CONCAT('x', %d), @number = %<d, @nothing = NULL, @bytes = x'00FF275C'",
          "SET @decimal = %d / 7, @double = %<d / 7e0, @latin = _latin1 x'E4'",
          "SET SESSION sort_buffer_size = 65536 + 1024 * %d, foreign_key_checks = %<d MOD 2",
          "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");

  private static final String STATE =
      """
      SELECT CONCAT_WS('|', @client, @done, @text, @number, COALESCE(@nothing, 'NULL'), HEX(@bytes),
        @decimal, @double, HEX(@latin), CHARSET(@latin), @@session.lock_wait_timeout,
        @@session.time_zone, @@session.sql_mode, @@session.group_concat_max_len,
        @@session.div_precision_increment, @@session.sort_buffer_size,
        @@session.foreign_key_checks, @@session.transaction_isolation, @@session.autocommit,
        @@session.character_set_client, @@session.collation_connection, DATABASE(),
        LAST_INSERT_ID())
      """;

  private final Kind kind;
  private final int number;
  private final Random random;
  private final Door door;
  private final Switchovers switchovers;
  private final Notes notes;

  private @Nullable Connection connection;
  private @Nullable PreparedStatement insert;
  private @Nullable PreparedStatement count;
  private int pieces;
  private String state = "";
  private long acknowledged;

  MixedClient(Kind kind, int number, long seed, Door door, Switchovers switchovers, Notes notes) {
    this.kind = kind;
    this.number = number;
    this.random = new Random(seed);
    this.door = door;
    this.switchovers = switchovers;
    this.notes = notes;
  }

  int number() {
    return number;
  }

  Kind kind() {
    return kind;
  }

  /** Once its thread has ended. */
  long acknowledged() {
    return acknowledged;
  }

  /** Until all are stopped, or something is not as it should be. */
  void work() {
    try {
      open();
      while (!notes.stopped()) {
        think(LONGEST_THOUGHT_MILLIS);
        piece();
        pieces++;
      }
    } catch (SQLException | AssertionError | InterruptedException failure) {
      failed(failure);
    } finally {
      close();
    }
  }

  /** An open transaction of a client that is no more would be waited for. */
  private void close() {
    var open = connection;
    try {
      if (open != null) {
        open.close();
      }
    } catch (SQLException failure) {
      failed(failure);
    }
  }

  private void failed(Throwable failure) {
    notes.failed(
        new AssertionError("Client %d, %s, piece %d".formatted(number, kind, pieces), failure));
  }

  private void think(int millis) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(random.nextInt(millis));
  }

  private void piece() throws SQLException, InterruptedException {
    require(state, read(STATE));
    switch (kind) {
      case AUTOCOMMIT -> entry();
      case TRANSACTION -> transaction();
      case PREPARED -> prepared();
      case SETTINGS -> {
        entry();
        set();
      }
      case TEMPORARY_TABLE -> {
        if (!temporaryTable()) {
          return;
        }
      }
      case VISITOR -> {
        entry();
        connection().close();
        open();
      }
    }
    require(
        "%1$d %1$d".formatted(acknowledged),
        read(
            "SELECT CONCAT_WS(' ', COUNT(*), COALESCE(MAX(number), 0)) FROM entry WHERE client = "
                + number));
    state = read(STATE);
  }

  private void require(String expected, String found) {
    if (!expected.equals(found)) {
      throw new AssertionError("Expected: " + expected + "\nbut found: " + found);
    }
  }

  private void open() throws SQLException {
    var ways = kind == Kind.PREPARED ? PREPARING : WAYS;
    var way = kind == Kind.TEMPORARY_TABLE ? RESETTABLE : ways.get(number % ways.size());
    connection = timed(() -> door.open(way.get(0), way.get(1)));
    begin();
  }

  /** What a session of this client remembers. */
  private void begin() throws SQLException {
    execute("SET @client = %d, @done = %d".formatted(number, acknowledged));
    for (int i = 0; i < SETTINGS.size(); i += 3) {
      set();
    }
    state = read(STATE);
  }

  private void set() throws SQLException {
    execute(SETTINGS.get(random.nextInt(SETTINGS.size())).formatted(random.nextInt(500)));
  }

  private void entry() throws SQLException {
    execute(inserting(acknowledged + 1));
    remember(1);
  }

  private String inserting(long entry) {
    return "INSERT INTO entry (client, number, remembered) VALUES (%d, %d, @done)"
        .formatted(number, entry);
  }

  private void remember(int entries) throws SQLException {
    acknowledged += entries;
    execute("SET @done = @done + " + entries);
  }

  private void transaction() throws SQLException, InterruptedException {
    boolean inText = random.nextBoolean();
    if (inText) {
      execute("BEGIN");
    } else {
      act(() -> connection().setAutoCommit(false));
    }
    think(10);
    execute(inserting(acknowledged + 1));
    think(LONGEST_TRANSACTION_MILLIS);
    execute("UPDATE counter SET entries = entries + 2 WHERE client = " + number);
    execute(inserting(acknowledged + 2));
    if (random.nextInt(7) == 0) {
      end(inText, "ROLLBACK");
    } else {
      end(inText, "COMMIT");
      remember(2);
    }
  }

  private void end(boolean inText, String how) throws SQLException {
    if (inText) {
      execute(how);
      return;
    }
    if (how.equals("COMMIT")) {
      act(() -> connection().commit());
    } else {
      act(() -> connection().rollback());
    }
    act(() -> connection().setAutoCommit(true));
  }

  private void prepared() throws SQLException {
    var writing = insert;
    var reading = count;
    if (writing == null || reading == null || pieces % PIECES_OF_A_STATEMENT == 0) {
      if (writing != null) {
        writing.close();
      }
      writing =
          timed(
              () ->
                  connection()
                      .prepareStatement(
                          "INSERT INTO entry (client, number, remembered) VALUES (?, ?, @done)"));
      insert = writing;
      reading =
          timed(
              () ->
                  connection().prepareStatement("SELECT COUNT(*), ? FROM entry WHERE client = ?"));
      count = reading;
    }
    var executed = writing;
    executed.setInt(1, number);
    executed.setLong(2, acknowledged + 1);
    act(() -> executed.executeUpdate());
    remember(1);
    reading.setString(1, "n" + number);
    reading.setInt(2, number);
    try (var rows = timed(reading::executeQuery)) {
      rows.next();
      require(acknowledged + " n" + number, rows.getLong(1) + " " + rows.getString(2));
    }
    if (pieces % 5 == 0) {
      try (var once = timed(() -> connection().prepareStatement("SELECT ? + 1, @done"))) {
        once.setInt(1, pieces);
        try (var rows = timed(once::executeQuery)) {
          rows.next();
          require(pieces + 1 + " " + acknowledged, rows.getInt(1) + " " + rows.getLong(2));
        }
      }
    }
  }

  /**
   * @return false if the session was closed meanwhile, as it had been said beforehand
   */
  private boolean temporaryTable() throws SQLException, InterruptedException {
    long id = connection().unwrap(MysqlConnection.class).getId();
    long next = acknowledged + 1;
    try {
      Lock binding = switchovers.binding();
      binding.lock();
      try {
        execute("CREATE TEMPORARY TABLE own (number BIGINT)");
      } finally {
        binding.unlock();
      }
      execute("INSERT INTO own VALUES (%d)".formatted(next));
      int before = switchovers.done();
      if (number % 4 == 0 && before % KEEPS == 1) {
        switchovers.awaitDone(before + 1, LONGEST_BINDING);
      } else {
        think(50);
      }
      execute(
          "INSERT INTO entry (client, number, remembered) SELECT %d, number, @done FROM own"
              .formatted(number));
      remember(1);
      execute("DROP TEMPORARY TABLE own");
      act(() -> connection().unwrap(JdbcConnection.class).resetServerState());
    } catch (SQLException lost) {
      closed(id, next, lost);
      return false;
    }
    begin();
    return true;
  }

  /** Whether the last entry was made is not known, so it is looked up. */
  private void closed(long id, long next, SQLException lost) throws SQLException {
    boolean broken = lost.getSQLState() != null && lost.getSQLState().startsWith("08");
    if (!broken || !switchovers.hasNamed(id)) {
      throw lost;
    }
    notes.cut(id);
    acknowledged = next - 1;
    open();
    var there =
        read(
            "SELECT COUNT(*) FROM entry WHERE client = %d AND number = %d".formatted(number, next));
    if (!there.equals("0")) {
      acknowledged = next;
    }
    execute("SET @done = " + acknowledged);
    state = read(STATE);
  }

  private void execute(String sql) throws SQLException {
    try (var statement = connection().createStatement()) {
      act(() -> statement.execute(sql));
    }
  }

  private String read(String sql) throws SQLException {
    try (var statement = connection().createStatement();
        var rows = timed(() -> statement.executeQuery(sql))) {
      if (!rows.next()) {
        throw new AssertionError("No row of: " + sql);
      }
      return String.valueOf(rows.getString(1));
    }
  }

  private Connection connection() {
    var open = connection;
    if (open == null) {
      throw new IllegalStateException("Not connected yet");
    }
    return open;
  }

  private interface Call<T> {
    T run() throws SQLException;
  }

  private interface Act {
    void run() throws SQLException;
  }

  private void act(Act act) throws SQLException {
    var _ =
        timed(
            () -> {
              act.run();
              return true;
            });
  }

  private <T> T timed(Call<T> call) throws SQLException {
    long start = System.nanoTime();
    T result = call.run();
    long end = System.nanoTime();
    long released = switchovers.released();
    if (start - released <= 0 && released - end <= 0) {
      notes.waited(kind, Duration.ofNanos(end - start));
    }
    return result;
  }
}
