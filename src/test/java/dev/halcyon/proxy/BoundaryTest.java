package dev.halcyon.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.proxy.wire.Capabilities;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** What binds a session to its server is known, whichever way the client speaks. */
class BoundaryTest {
  private static final List<Long> CLIENTS =
      List.of(
          RawClient.PLAIN,
          RawClient.PLAIN | Capabilities.DEPRECATE_EOF,
          RawClient.PLAIN | Capabilities.SESSION_TRACK,
          RawClient.PLAIN | Capabilities.SESSION_TRACK | Capabilities.DEPRECATE_EOF);

  /** What is done, what binds thereby, and what ends it; empty if only a reset does. */
  private record Bond(List<String> statements, Hindrance hindrance, List<String> end) {}

  private static final List<Bond> BONDS =
      List.of(
          new Bond(
              List.of("START TRANSACTION", "INSERT INTO t VALUES (7)"),
              Hindrance.TRANSACTION,
              List.of("ROLLBACK")),
          new Bond(
              List.of("SET autocommit = 0", "SELECT * FROM t"),
              Hindrance.TRANSACTION,
              List.of("COMMIT", "SET autocommit = 1")),
          new Bond(List.of("LOCK TABLES t WRITE"), Hindrance.TABLE_LOCK, List.of("UNLOCK TABLES")),
          new Bond(
              List.of("FLUSH TABLES t WITH READ LOCK"),
              Hindrance.TABLE_LOCK,
              List.of("UNLOCK TABLES")),
          new Bond(
              List.of("SELECT GET_LOCK('halcyon proxy test', 5)"),
              Hindrance.USER_LOCK,
              List.of("SELECT RELEASE_ALL_LOCKS()")),
          new Bond(
              List.of("CREATE TEMPORARY TABLE tt (i INT)"), Hindrance.TEMPORARY_TABLE, List.of()),
          new Bond(List.of("HANDLER t OPEN"), Hindrance.HANDLER, List.of()),
          new Bond(List.of("XA START 'x'"), Hindrance.XA, List.of("XA END 'x'", "XA ROLLBACK 'x'")),
          new Bond(List.of("PREPARE s FROM 'SELECT 1'"), Hindrance.TEXT_PREPARE, List.of()),
          new Bond(List.of("CALL makes_table()"), Hindrance.ROUTINE, List.of()));

  @EngineTest
  void bondsAreNamedAndEnd(Database database) throws Exception {
    database.execute(
        "CREATE TABLE t (id INT PRIMARY KEY)",
        "INSERT INTO t VALUES (1), (2), (3)",
        "CREATE PROCEDURE makes_table() CREATE TEMPORARY TABLE by_routine (i INT)");
    try (var proxied = new ProxiedDatabase(database)) {
      for (long capabilities : CLIENTS) {
        for (var bond : BONDS) {
          try (var client = login(proxied, capabilities)) {
            run(client, bond.statements(), capabilities);
            assertThat(hindrances(proxied)).as("%s", bond).contains(bond.hindrance());
            run(client, bond.end(), capabilities);
            if (bond.end().isEmpty()) {
              reset(client);
              proxied.awaitBoundary();
              run(client, bond.statements(), capabilities);
              assertThat(hindrances(proxied)).as("again %s", bond).contains(bond.hindrance());
              reset(client);
            }
            proxied.awaitBoundary();
          }
          proxied.awaitSessions(0);
        }
      }
    }
  }

  @EngineTest
  void cursorBindsUntilItsLastRow(Database database) throws Exception {
    database.execute("CREATE TABLE t (id INT PRIMARY KEY)", "INSERT INTO t VALUES (1), (2), (3)");
    try (var proxied = new ProxiedDatabase(database)) {
      for (long capabilities : CLIENTS) {
        try (var client = login(proxied, capabilities)) {
          long statement = prepare(client, "SELECT id FROM t ORDER BY id", capabilities);
          execute(client, statement);
          assertThat(hindrances(proxied)).containsExactly(Hindrance.CURSOR);
          fetch(client, statement, 2);
          assertThat(hindrances(proxied)).containsExactly(Hindrance.CURSOR);
          fetch(client, statement, 2);
          assertThat(hindrances(proxied)).isEmpty();

          execute(client, statement);
          assertThat(hindrances(proxied)).containsExactly(Hindrance.CURSOR);
          client.send(0, writer -> writer.int1(0x19).int4(statement));
          client.query("DO 1");
          assertThat(client.read()[0]).isZero();
          assertThat(hindrances(proxied)).isEmpty();
        }
        proxied.awaitSessions(0);
      }
    }
  }

  /** A prepared statement does what it does later, and again. */
  @EngineTest
  void preparedEffectsStay(Database database) throws Exception {
    try (var proxied = new ProxiedDatabase(database);
        var client = login(proxied, RawClient.PLAIN)) {
      run(client, List.of("SELECT GET_LOCK('halcyon proxy test', 5)"), RawClient.PLAIN);
      prepare(client, "SELECT RELEASE_ALL_LOCKS()", RawClient.PLAIN);
      assertThat(hindrances(proxied)).containsExactly(Hindrance.USER_LOCK);
      run(client, List.of("SELECT RELEASE_ALL_LOCKS()"), RawClient.PLAIN);
      assertThat(hindrances(proxied)).isEmpty();

      prepare(client, "SELECT GET_LOCK('halcyon proxy test', 5)", RawClient.PLAIN);
      run(client, List.of("SELECT RELEASE_ALL_LOCKS()"), RawClient.PLAIN);
      assertThat(hindrances(proxied)).containsExactly(Hindrance.USER_LOCK);
    }
  }

  private static void reset(RawClient client) throws IOException {
    client.send(0, writer -> writer.int1(0x1f));
    assertThat(client.read()[0]).isZero();
  }

  private static RawClient login(ProxiedDatabase proxied, long capabilities) throws IOException {
    var client = new RawClient(proxied.proxy.address());
    var database = proxied.database;
    byte[] answer =
        client.login(database.user(), database.password(), database.schema(), capabilities);
    assertThat(answer[0]).isZero();
    return client;
  }

  private static Set<Hindrance> hindrances(ProxiedDatabase proxied) {
    return proxied.proxy.status().sessions().getFirst().boundary().hindrances();
  }

  private static void run(RawClient client, List<String> statements, long capabilities)
      throws IOException {
    for (String sql : statements) {
      client.query(sql);
      byte[] last = client.result(capabilities);
      assertThat(last[0]).as(sql).isNotEqualTo((byte) 0xff);
    }
  }

  private static long prepare(RawClient client, String sql, long capabilities) throws IOException {
    client.send(0, writer -> writer.int1(0x16).utf8(sql));
    byte[] ok = client.read();
    assertThat(ok[0]).isZero();
    client.read(); // the column
    if (!new Capabilities(capabilities).has(Capabilities.DEPRECATE_EOF)) {
      client.read();
    }
    var reader = RawClient.reader(ok);
    reader.skip(1);
    return reader.int4();
  }

  private static void execute(RawClient client, long statement) throws IOException {
    int readOnlyCursor = 1;
    client.send(0, writer -> writer.int1(0x17).int4(statement).int1(readOnlyCursor).int4(1));
    assertThat(client.read()[0]).isEqualTo((byte) 1);
    client.read(); // the column
    assertThat(client.read()[0]).isEqualTo((byte) 0xfe);
  }

  private static void fetch(RawClient client, long statement, int rows) throws IOException {
    client.send(0, writer -> writer.int1(0x1c).int4(statement).int4(rows));
    while (client.read()[0] == 0) {
      // a row
    }
  }
}
