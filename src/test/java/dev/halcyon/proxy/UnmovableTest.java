package dev.halcyon.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.model.Engine;
import dev.halcyon.proxy.Traffic.Immovable;
import dev.halcyon.proxy.wire.Bytes;
import dev.halcyon.proxy.wire.Capabilities;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * What another server would not know keeps its session where it is: it goes on there, or it ends
 * with an error. Never does it go on elsewhere without what it had.
 */
class UnmovableTest {
  private static final Duration LEASE = Duration.ofMinutes(1);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(20);

  private static final long MODERN =
      RawClient.PLAIN | Capabilities.SESSION_TRACK | Capabilities.DEPRECATE_EOF;
  private static final long CLASSIC = RawClient.PLAIN | Capabilities.SESSION_TRACK;
  private static final int FILE_WANTED = 0xfb;
  private static final String MINE =
      "SELECT IF(IS_USED_LOCK('routine') = CONNECTION_ID(), 'mine', 'gone')";

  /** What binds, what tells whether it is still there, and what that answers. */
  private record Bond(Hindrance hindrance, List<String> statements, String probe, String answer) {}

  private static final List<Bond> BONDS =
      List.of(
          new Bond(
              Hindrance.TEMPORARY_TABLE,
              List.of("CREATE /* mine */ TEMPORARY TABLE own SELECT 'mine' AS x"),
              "SELECT x FROM own",
              "mine"),
          new Bond(
              Hindrance.USER_LOCK,
              List.of("SELECT 1, GET_LOCK('unmovable', 5)"),
              "SELECT IF(IS_USED_LOCK('unmovable') = CONNECTION_ID(), 'mine', 'gone')",
              "mine"),
          new Bond(
              Hindrance.TABLE_LOCK,
              List.of("LOCK TABLES t WRITE, t AS u READ"),
              "SELECT x FROM other", // not locked, so refused
              "#HY000"),
          new Bond(Hindrance.HANDLER, List.of("HANDLER t OPEN"), "HANDLER t READ FIRST", "theirs"),
          new Bond(
              Hindrance.XA,
              List.of("XA BEGIN 'unmovable'", "UPDATE t SET x = 'mine'"),
              "SELECT x FROM t",
              "mine"),
          new Bond(
              Hindrance.TEXT_PREPARE,
              List.of("PREPARE s FROM 'SELECT ''mine'''"),
              "EXECUTE s",
              "mine"),
          new Bond(
              Hindrance.TRANSACTION,
              List.of("SET autocommit = 0", "UPDATE t SET x = 'mine'"),
              "SELECT x FROM t",
              "mine"));

  @EngineTest
  void boundSessionStays(Database database) throws Exception {
    tables(database);
    for (long capabilities : List.of(MODERN, CLASSIC)) {
      for (var bond : BONDS) {
        try (var proxied = new ProxiedDatabase(database);
            var client = login(proxied, capabilities)) {
          proxied.proxy.prepare("b", PATIENCE); // it stands ready, and then it is bound
          bind(client, bond, capabilities);
          refuse(proxied, bond.hindrance());
          var still = client.answer(bond.probe(), capabilities);
          assertThat(still).as("%s", bond).last().asString().contains(bond.answer());
        }
      }
    }
  }

  /** Whoever would rather lose it than wait: it is told, and nothing of it remains. */
  @EngineTest
  void boundSessionIsClosed(Database database) throws Exception {
    tables(database);
    for (var bond : BONDS) {
      try (var proxied = new ProxiedDatabase(database);
          var client = login(proxied, MODERN)) {
        bind(client, bond, MODERN);
        proxied.proxy.hold(LEASE);
        assertThat(proxied.proxy.closeStragglers(PATIENCE)).isTrue();
        assertThat(proxied.proxy.repoint("b", Immovable.GIVE_UP, PATIENCE).complete()).isTrue();
        proxied.proxy.release();
        assertThat(client.closed()).as("%s", bond).isTrue();
        proxied.awaitSessions(0);
      }
      assertThat(database.value("SELECT x FROM t")).isEqualTo("theirs");
    }
  }

  /** What a routine has locked is seen where the server tells it: not on MariaDB by default. */
  @EngineTest(Engine.MYSQL)
  void lockOfARoutineIsKept(Database database) throws Exception {
    database.execute(
        "CREATE FUNCTION takes_one() RETURNS INT NOT DETERMINISTIC NO SQL RETURN GET_LOCK('routine', 5)");
    try (var proxied = new ProxiedDatabase(database);
        var client = login(proxied, MODERN)) {
      assertThat(client.answer("SELECT takes_one()", MODERN)).last().asString().contains("1");
      var moves = proxied.move();
      assertThat(moves.complete()).isFalse();
      assertThat(moves.exceptions().getFirst().reason()).contains("a lock of GET_LOCK");
      assertThat(client.answer(MINE, MODERN)).last().asString().contains("mine");
      client.answer("SELECT RELEASE_LOCK('routine')", MODERN);
      assertThat(proxied.move().complete()).isTrue();
    }
  }

  /**
   * Rows yet to come, a value in pieces, half a file: the client is told, nothing half-done stays.
   */
  @EngineTest
  void whatIsHalfWayIsClosed(Database database) throws Exception {
    database.execute(
        "CREATE TABLE t (id INT PRIMARY KEY, x VARCHAR(20))",
        "INSERT INTO t VALUES (1, 'one'), (2, 'two')",
        "CREATE TABLE f LIKE t",
        "SET GLOBAL local_infile = ON");
    try (var proxied = new ProxiedDatabase(database)) {
      try (var client = login(proxied, CLASSIC)) {
        long statement = prepare(client, "SELECT id FROM t", 0, 1);
        client.send(0, writer -> writer.int1(0x17).int4(statement).int1(1).int4(1));
        for (int i = 0; i < 3; i++) {
          client.read();
        }
        proxied.awaitBound(Hindrance.CURSOR);
        assertClosed(proxied, client);
      }
      try (var client = login(proxied, CLASSIC)) {
        long statement = prepare(client, "SELECT ?", 1, 1);
        var piece = Bytes.of(new byte[] {'7'});
        client.send(0, writer -> writer.int1(0x18).int4(statement).int2(0).bytes(piece));
        proxied.awaitBound(Hindrance.LONG_DATA);
        assertClosed(proxied, client);
      }
      long capabilities = MODERN | Capabilities.LOCAL_FILES;
      try (var client = login(proxied, capabilities)) {
        client.query("LOAD DATA LOCAL INFILE 'any' INTO TABLE f");
        assertThat(client.read()[0]).isEqualTo((byte) FILE_WANTED);
        client.send(2, writer -> writer.utf8("1\tone\n2\tt"));
        proxied.proxy.hold(LEASE);
        assertThat(proxied.proxy.closeStragglers(SHORT)).isFalse(); // not within a command
        assertThat(proxied.proxy.status().sessions()).hasSize(1);
        proxied.proxy.release();
        client.send(3, writer -> {});
        assertThat(client.read()[0]).isZero();
        assertThat(database.count("f")).isEqualTo(2);
        proxied.lead("b");
      }
    }
  }

  private static void assertClosed(ProxiedDatabase proxied, RawClient client) throws Exception {
    proxied.proxy.hold(LEASE);
    assertThat(proxied.proxy.closeStragglers(PATIENCE)).isTrue();
    proxied.proxy.release();
    assertThat(client.closed()).isTrue();
    proxied.awaitSessions(0);
    assertThat(proxied.database.count("f")).isZero();
  }

  private static void tables(Database database) {
    database.execute(
        "CREATE TABLE t (id INT PRIMARY KEY, x VARCHAR(20))",
        "INSERT INTO t VALUES (1, 'theirs')",
        "CREATE TABLE other (x INT)");
  }

  private static void bind(RawClient client, Bond bond, long capabilities) throws IOException {
    for (var sql : bond.statements()) {
      assertThat(client.answer(sql, capabilities)).as(sql).noneMatch(text -> text.contains("#"));
    }
  }

  /** Nobody moves it, whatever is asked. */
  private static void refuse(ProxiedDatabase proxied, Hindrance hindrance) throws Exception {
    proxied.proxy.hold(LEASE);
    assertThat(proxied.proxy.awaitDrained(SHORT)).isFalse();
    proxied.awaitBound(hindrance);
    for (var policy : Immovable.values()) {
      assertThatThrownBy(() -> proxied.proxy.repoint("b", policy, PATIENCE))
          .isInstanceOf(IllegalStateException.class);
    }
    assertThat(proxied.proxy.status().server()).isEqualTo("a");
    proxied.proxy.release();
  }

  /** An open cursor gives its rows to the end; only then may its session go. */
  @EngineTest
  void cursorIsReadToItsEnd(Database database) throws Exception {
    database.execute(
        "CREATE TABLE t (id INT PRIMARY KEY)", "INSERT INTO t VALUES (101), (102), (103)");
    try (var proxied = new ProxiedDatabase(database);
        var client = login(proxied, CLASSIC)) {
      long statement = prepare(client, "SELECT id FROM t ORDER BY id", 0, 1);
      client.send(0, writer -> writer.int1(0x17).int4(statement).int1(1).int4(1));
      for (int i = 0; i < 3; i++) {
        client.read(); // the number of columns, the column, its end
      }
      assertThat(fetch(client, statement)).isEqualTo(101);
      refuse(proxied, Hindrance.CURSOR);
      assertThat(fetch(client, statement)).isEqualTo(102);

      proxied.proxy.hold(LEASE);
      assertThat(proxied.proxy.awaitDrained(SHORT)).isFalse();
      assertThat(fetch(client, statement)).isEqualTo(103); // a held one goes on
      client.send(0, writer -> writer.int1(0x1c).int4(statement).int4(1));
      assertThat(client.read()[0]).isEqualTo((byte) 0xfe);
      assertThat(proxied.proxy.awaitDrained(PATIENCE)).isTrue();
      assertThat(proxied.proxy.repoint("b", Immovable.GIVE_UP, PATIENCE).complete()).isTrue();
      proxied.proxy.release();
      client.send(0, writer -> writer.int1(0x1c).int4(statement).int4(1));
      assertThat(client.read()[0]).isEqualTo((byte) 0xff); // no cursor, and no wrong row
    }
  }

  private static int fetch(RawClient client, long statement) throws IOException {
    client.send(0, writer -> writer.int1(0x1c).int4(statement).int4(1));
    byte[] row = client.read();
    assertThat(row[0]).isZero();
    client.read();
    var reader = RawClient.reader(row);
    reader.skip(2);
    return (int) reader.int4();
  }

  /** A value that came in pieces is still there when the statement is executed. */
  @EngineTest
  void longDataIsKept(Database database) throws Exception {
    try (var proxied = new ProxiedDatabase(database);
        var client = login(proxied, CLASSIC)) {
      long statement = prepare(client, "SELECT ?", 1, 1);
      for (String piece : List.of("in ", "pieces")) {
        var bytes = Bytes.of(piece.getBytes(StandardCharsets.US_ASCII));
        client.send(0, writer -> writer.int1(0x18).int4(statement).int2(0).bytes(bytes));
      }
      client.query("DO 1"); // so that they have arrived
      assertThat(client.read()[0]).isZero();
      refuse(proxied, Hindrance.LONG_DATA);
      client.send(
          0,
          writer -> writer.int1(0x17).int4(statement).int1(0).int4(1).int1(0).int1(1).int2(0xfc));
      for (int i = 0; i < 3; i++) {
        client.read();
      }
      assertThat(new String(client.read(), StandardCharsets.US_ASCII)).endsWith("in pieces");
      client.read();
      proxied.lead("b");
    }
  }

  /** A file that is half-way is loaded to its end by the server that asked for it. */
  @EngineTest
  void fileIsLoadedToItsEnd(Database database) throws Exception {
    database.execute(
        "CREATE TABLE t (id INT PRIMARY KEY, x VARCHAR(20))", "SET GLOBAL local_infile = ON");
    long capabilities = MODERN | Capabilities.LOCAL_FILES;
    try (var proxied = new ProxiedDatabase(database);
        var client = login(proxied, capabilities)) {
      client.query("LOAD DATA LOCAL INFILE 'any' INTO TABLE t");
      assertThat(client.read()[0]).isEqualTo((byte) FILE_WANTED);
      client.send(2, writer -> writer.utf8("1\tone\n2\tt"));
      refuse(proxied, Hindrance.COMMAND);
      proxied.proxy.hold(LEASE);
      client.send(3, writer -> writer.utf8("wo\n3\tthree\n"));
      assertThat(proxied.proxy.awaitDrained(SHORT)).isFalse();
      client.send(4, writer -> {});
      assertThat(client.read()[0]).isZero();
      assertThat(proxied.proxy.awaitDrained(PATIENCE)).isTrue();
      assertThat(proxied.proxy.repoint("b", Immovable.GIVE_UP, PATIENCE).complete()).isTrue();
      proxied.proxy.release();
      assertThat(client.answer("SELECT GROUP_CONCAT(x ORDER BY id) FROM t", capabilities))
          .last()
          .asString()
          .endsWith("one,two,three");
    }
  }

  private static long prepare(RawClient client, String sql, int parameters, int columns)
      throws IOException {
    client.send(0, writer -> writer.int1(0x16).utf8(sql));
    byte[] ok = client.read();
    assertThat(ok[0]).isZero();
    for (int i = (parameters > 0 ? parameters + 1 : 0) + columns + 1; i > 0; i--) {
      client.read();
    }
    var reader = RawClient.reader(ok);
    reader.skip(1);
    return reader.int4();
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
