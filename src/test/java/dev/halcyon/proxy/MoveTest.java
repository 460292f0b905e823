package dev.halcyon.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.proxy.Traffic.Fate;
import dev.halcyon.proxy.Traffic.Immovable;
import dev.halcyon.proxy.wire.Capabilities;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Clients do not notice that they are led to another server, or they stay where they are. */
class MoveTest {
  private static final Duration LEASE = Duration.ofMinutes(1);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(50);

  private static final int MOVES = 15;

  private static final List<String> OPTIONS =
      List.of(
          "",
          "&useServerPrepStmts=true",
          "&useServerPrepStmts=true&deprecateEof=false",
          "&useServerPrepStmts=true&disablePipeline=true&enableSkipMeta=false");

  /** What binds a session, and what would not be so any more if it had been moved. */
  private static final List<List<String>> BONDS =
      List.of(
          List.of(
              "TEMPORARY_TABLE",
              "CREATE TEMPORARY TABLE own (x INT); INSERT INTO own VALUES (7)",
              "SELECT x FROM own"),
          List.of(
              "USER_LOCK",
              "SELECT GET_LOCK('halcyon move test', 5)",
              "SELECT IF(IS_USED_LOCK('halcyon move test') = CONNECTION_ID(), 7, 0)"),
          List.of("TABLE_LOCK", "LOCK TABLES t WRITE", "SELECT 7 + COUNT(*) FROM t"),
          List.of("HANDLER", "INSERT INTO t VALUES (7); HANDLER t OPEN", "HANDLER t READ FIRST"),
          List.of("XA", "XA START 'moved'; INSERT INTO t VALUES (7)", "SELECT id FROM t"),
          List.of("TRANSACTION", "BEGIN; INSERT INTO t VALUES (7)", "SELECT id FROM t"),
          List.of("TEXT_PREPARE", "PREPARE p FROM 'SELECT 7'", "EXECUTE p"));

  @EngineTest
  void preparedStatementsGoOn(Database database) throws Exception {
    database.execute("CREATE TABLE t (id INT PRIMARY KEY, x VARCHAR(50), d DATETIME, n DOUBLE)");
    for (var options :
        List.of("", "&disablePipeline=true", "&deprecateEof=false", "&enableSkipMeta=false")) {
      database.execute("TRUNCATE TABLE t");
      try (var proxied = new ProxiedDatabase(database);
          var connection = proxied.connect("&useServerPrepStmts=true" + options);
          var insert = connection.prepareStatement("INSERT INTO t VALUES (?, ?, NOW(), ?)");
          var select = connection.prepareStatement("SELECT id, x, n FROM t WHERE id = ?")) {
        for (int i = 0; i < 12; i++) {
          insert(insert, i);
          if (i % 2 == 1) {
            assertThat(proxied.move().exceptions()).isEmpty();
          }
          assertThat(select(select, i)).isEqualTo(i + " x" + i + " " + i / 2.0);
          try (var another = connection.prepareStatement("SELECT ? + " + i)) {
            another.setInt(1, i);
            try (var rows = another.executeQuery()) {
              assertThat(rows.next()).isTrue();
              assertThat(rows.getInt(1)).isEqualTo(2 * i);
            }
          }
        }
        assertThat(database.count("t")).isEqualTo(12);
      }
    }
  }

  private static void insert(PreparedStatement insert, int id) throws SQLException {
    insert.setInt(1, id);
    insert.setString(2, "x" + id);
    insert.setDouble(3, id / 2.0);
    insert.executeUpdate();
  }

  private static String select(PreparedStatement select, int id) throws SQLException {
    select.setInt(1, id);
    try (var rows = select.executeQuery()) {
      assertThat(rows.next()).isTrue();
      return rows.getInt(1) + " " + rows.getString(2) + " " + rows.getDouble(3);
    }
  }

  /** The first server knows the types of the parameters; the second one must learn them. */
  @EngineTest
  void typesOfParametersGoAlong(Database database) throws Exception {
    try (var proxied = new ProxiedDatabase(database);
        var client = login(proxied, RawClient.PLAIN)) {
      client.send(0, writer -> writer.int1(0x16).utf8("SELECT ? + 1, ?"));
      var reader = RawClient.reader(client.read());
      reader.skip(1);
      long statement = reader.int4();
      for (int i = 0; i < 6; i++) {
        client.read(); // two parameters, two columns, and their ends
      }
      execute(client, statement, 41, true);
      assertThat(row(client)).endsWith("a");
      for (int i = 0; i < 3; i++) {
        execute(client, statement, 41, false);
        String before = row(client);
        assertThat(proxied.move().exceptions()).isEmpty();
        execute(client, statement, 41, false);
        assertThat(row(client)).isEqualTo(before);
        execute(client, statement, 41, false);
        assertThat(row(client)).isEqualTo(before);
      }
      client.send(0, writer -> writer.int1(0x19).int4(statement));
      execute(client, statement, 41, false);
      assertThat(client.read()[0]).isEqualTo((byte) 0xff);
    }
  }

  private static void execute(RawClient client, long statement, int number, boolean typed)
      throws IOException {
    client.send(
        0,
        writer -> {
          writer.int1(0x17).int4(statement).int1(0).int4(1).int1(0).int1(typed ? 1 : 0);
          if (typed) {
            writer.int2(3).int2(253);
          }
          writer.int4(number).int1(1).utf8("a");
        });
  }

  private static String row(RawClient client) throws IOException {
    assertThat(client.read()[0]).isEqualTo((byte) 2);
    for (int i = 0; i < 3; i++) {
      client.read();
    }
    var row = new StringBuilder();
    for (byte one : client.read()) {
      row.append((char) one);
    }
    client.read();
    return row.toString();
  }

  @EngineTest
  void transactionNotYetUsedIsBegunThere(Database database) throws Exception {
    database.execute("CREATE TABLE t (id INT PRIMARY KEY)");
    for (long capabilities :
        new long[] {RawClient.PLAIN, RawClient.PLAIN | Capabilities.DEPRECATE_EOF}) {
      try (var proxied = new ProxiedDatabase(database);
          var client = login(proxied, capabilities)) {
        client.answer("SET TRANSACTION ISOLATION LEVEL READ UNCOMMITTED", capabilities);
        assertThat(proxied.move().exceptions()).isEmpty();
        client.answer("START TRANSACTION", capabilities);
        assertThat(proxied.move().exceptions()).isEmpty();
        client.answer("INSERT INTO t VALUES (1)", capabilities);
        assertThat(isolationOfTransaction(client, capabilities)).endsWith("READ UNCOMMITTED");
        client.answer("ROLLBACK", capabilities);
        assertThat(database.count("t")).isZero();
      }
    }
  }

  /** InnoDB looks at transactions anew only when nobody has asked for a tenth of a second. */
  private static String isolationOfTransaction(RawClient client, long capabilities)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      var answer =
          client.answer(
              "SELECT trx_isolation_level FROM information_schema.innodb_trx"
                  + " WHERE trx_mysql_thread_id = CONNECTION_ID()",
              capabilities);
      if (answer.size() > 1 || System.nanoTime() > end) {
        return answer.getLast();
      }
      TimeUnit.MILLISECONDS.sleep(150);
    }
  }

  @EngineTest
  void whatBindsASessionIsKept(Database database) throws Exception {
    for (var bond : BONDS) {
      database.execute("DROP TABLE IF EXISTS t", "CREATE TABLE t (id INT PRIMARY KEY)");
      try (var proxied = new ProxiedDatabase(database);
          var connection = proxied.connect("");
          var statement = connection.createStatement()) {
        for (var sql : bond.get(1).split("; ")) {
          statement.execute(sql);
        }
        assertThat(proxied.proxy.prepare("b", PATIENCE).complete()).isTrue();
        proxied.proxy.hold(LEASE);
        assertThat(proxied.proxy.awaitDrained(SHORT)).isFalse();
        assertThat(proxied.proxy.status().stragglers().getFirst().boundary().hindrances())
            .contains(Hindrance.valueOf(bond.getFirst()));
        assertThatThrownBy(() -> proxied.proxy.repoint("b", Immovable.CLOSE, PATIENCE))
            .isInstanceOf(IllegalStateException.class);
        proxied.proxy.release();
        try (var rows = statement.executeQuery(bond.get(2))) {
          assertThat(rows.next()).as(bond.getFirst()).isTrue();
          assertThat(rows.getInt(1)).as(bond.getFirst()).isEqualTo(7);
        }
        if (bond.getFirst().equals("XA")) {
          statement.execute("XA END 'moved'");
          statement.execute("XA ROLLBACK 'moved'");
        }
      }
    }
  }

  @EngineTest
  void stragglersAreClosedWhileIdle(Database database) throws Exception {
    database.execute("CREATE TABLE t (id INT PRIMARY KEY)");
    try (var proxied = new ProxiedDatabase(database);
        var free = proxied.connect("");
        var bound = proxied.connect("");
        var statement = bound.createStatement()) {
      bound.setAutoCommit(false);
      statement.execute("INSERT INTO t VALUES (1)");
      proxied.proxy.hold(LEASE);
      assertThat(proxied.proxy.closeStragglers(PATIENCE)).isTrue();
      assertThat(proxied.proxy.repoint("b", Immovable.GIVE_UP, PATIENCE).sessions())
          .singleElement()
          .satisfies(move -> assertThat(move.fate()).isEqualTo(Fate.MOVED));
      proxied.proxy.release();

      assertThatThrownBy(bound::commit).isInstanceOf(SQLException.class);
      assertThat(database.count("t")).isZero();
      assertThat(free.isValid(5)).isTrue();
    }
  }

  @EngineTest
  void moveIsUndoneBeforeTheRelease(Database database) throws Exception {
    try (var proxied = new ProxiedDatabase(database);
        var connection = proxied.connect("&useServerPrepStmts=true");
        var set = connection.createStatement();
        var select = connection.prepareStatement("SELECT CONNECTION_ID() * ?, @a")) {
      set.execute("SET @a = 5");
      select.setInt(1, 1);
      String before = both(select);
      proxied.proxy.hold(LEASE);
      assertThat(proxied.proxy.awaitDrained(PATIENCE)).isTrue();
      assertThat(proxied.proxy.repoint("b", Immovable.GIVE_UP, PATIENCE).complete()).isTrue();
      assertThat(proxied.proxy.status().server()).isEqualTo("b");
      assertThat(proxied.proxy.repoint("a", Immovable.GIVE_UP, PATIENCE).complete()).isTrue();
      proxied.proxy.release();
      assertThat(both(select)).isEqualTo(before);

      assertThat(proxied.move().complete()).isTrue();
      assertThat(both(select)).isNotEqualTo(before).endsWith(" 5");
    }
  }

  private static String both(PreparedStatement select) throws SQLException {
    try (var rows = select.executeQuery()) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1) + " " + rows.getString(2);
    }
  }

  @EngineTest
  void statementIsCancelledAfterAMove(Database database) throws Exception {
    try (var proxied = new ProxiedDatabase(database);
        var other = proxied.connect("");
        var connection = proxied.connect("");
        var statement = connection.createStatement()) {
      assertThat(proxied.move().complete()).isTrue();
      var sleeps = new FutureTask<>(() -> statement.execute("SELECT SLEEP(30) FROM DUAL"));
      Thread.ofVirtual().start(sleeps);
      proxied.awaitUnderWay(1);
      long began = System.nanoTime();
      statement.cancel();
      try {
        sleeps.get(20, TimeUnit.SECONDS);
      } catch (ExecutionException interrupted) {
        assertThat(interrupted).hasCauseInstanceOf(SQLException.class);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(15));
      assertThat(other.isValid(5)).isTrue();
    }
  }

  /** Each counts in a variable of its session and in a table, and would see a number missing. */
  @EngineTest
  void clientsWorkWhileTheyAreMoved(Database database) throws Exception {
    database.execute("CREATE TABLE t (client INT, number INT, PRIMARY KEY (client, number))");
    var stopped = new AtomicBoolean();
    try (var proxied = new ProxiedDatabase(database)) {
      var clients = new ArrayList<FutureTask<Integer>>();
      for (int i = 0; i < OPTIONS.size(); i++) {
        int client = i;
        var task =
            new FutureTask<>(() -> count(proxied.connect(OPTIONS.get(client)), client, stopped));
        Thread.ofPlatform().start(task);
        clients.add(task);
      }
      for (int i = 0; i < MOVES; i++) {
        proxied.proxy.prepare(i % 2 == 0 ? "b" : "a", PATIENCE);
        assertThat(proxied.move().exceptions()).isEmpty();
        TimeUnit.MILLISECONDS.sleep(100);
      }
      stopped.set(true);
      long all = 0;
      for (var client : clients) {
        all += client.get(20, TimeUnit.SECONDS);
      }
      assertThat(database.count("t")).isEqualTo(all);
    }
  }

  private static int count(Connection connection, int client, AtomicBoolean stopped)
      throws SQLException {
    int number = 0;
    try (connection;
        var statement = connection.createStatement();
        var insert = connection.prepareStatement("INSERT INTO t VALUES (?, ?)");
        var select =
            connection.prepareStatement("SELECT @c, (SELECT COUNT(*) FROM t WHERE client = ?)")) {
      statement.execute("SET @c = 0");
      while (!stopped.get()) {
        statement.execute("SET @c = @c + 1");
        connection.setAutoCommit(number % 3 != 0);
        insert.setInt(1, client);
        insert.setInt(2, number++);
        insert.executeUpdate();
        select.setInt(1, client);
        try (var rows = select.executeQuery()) {
          assertThat(rows.next()).isTrue();
          assertThat(rows.getInt(1)).isEqualTo(number);
          assertThat(rows.getInt(2)).isEqualTo(number);
        }
        if (!connection.getAutoCommit()) {
          connection.commit();
        }
      }
    }
    return number;
  }

  private static RawClient login(ProxiedDatabase proxied, long capabilities) throws IOException {
    var client = new RawClient(proxied.proxy.address());
    var database = proxied.database;
    assertThat(
            client.login(database.user(), database.password(), database.schema(), capabilities)[0])
        .isZero();
    return client;
  }
}
