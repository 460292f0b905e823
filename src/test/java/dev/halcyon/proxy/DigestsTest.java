package dev.halcyon.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.proxy.digest.Digest;
import dev.halcyon.proxy.digest.Digest.Reading;
import dev.halcyon.proxy.wire.Capabilities;
import dev.halcyon.proxy.wire.ErrPacket;
import dev.halcyon.sql.Touches;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

/** What passes is counted, whose it is and what it touches. */
class DigestsTest {
  private static final long CAPABILITIES =
      RawClient.PLAIN | Capabilities.SESSION_TRACK | Capabilities.DEPRECATE_EOF;

  @EngineTest
  void textsAreCounted(Database database) throws SQLException {
    database.execute("CREATE TABLE t (id INT PRIMARY KEY, a INT, b VARCHAR(20))");
    try (var proxied = new ProxiedDatabase(database);
        var connection = proxied.connect("&allowMultiQueries=true");
        var statement = connection.createStatement()) {
      for (int i = 0; i < 5; i++) {
        statement.execute("INSERT INTO t (id, a) VALUES (" + i + ", -" + i + ") -- " + i);
      }
      statement.execute("select b from t where ID in (1,2,3); DELETE FROM t WHERE b = 'x''y'");

      var insert = one(proxied, "INSERT INTO t ( id , a ) VALUES (...)");
      assertThat(insert.count()).isEqualTo(5);
      assertThat(insert.reading()).isEqualTo(Reading.WHOLE);
      assertThat(insert.user()).isEqualTo(database.user());
      assertThat(insert.hosts()).containsExactly("127.0.0.1");
      assertThat(insert.otherHosts()).isFalse();
      assertThat(insert.schema()).contains(database.schema());
      assertThat(insert.firstSeen()).isBeforeOrEqualTo(insert.lastSeen());
      assertThat(touches(database, insert, "a")).isTrue();
      assertThat(touches(database, insert, "b")).isFalse();
      assertThat(one(proxied, "SELECT b FROM t WHERE id IN (...)").count()).isEqualTo(1);
      assertThat(one(proxied, "DELETE FROM t WHERE b = ?").count()).isEqualTo(1);
      assertThat(proxied.proxy.digests().lostSince()).isEmpty();
      assertThat(proxied.proxy.digests().watchingSince()).isBeforeOrEqualTo(insert.firstSeen());
    }
  }

  @EngineTest
  void preparedStatementsAreCountedAtEachExecution(Database database) throws SQLException {
    database.execute("CREATE TABLE t (id INT PRIMARY KEY)");
    try (var proxied = new ProxiedDatabase(database);
        var connection = proxied.connect("&useServerPrepStmts=true");
        var select = connection.prepareStatement("SELECT id FROM t WHERE id = ?");
        var count = connection.prepareStatement("SELECT COUNT(*) FROM t")) {
      assertThatThrownBy(() -> connection.prepareStatement("SELECT no FROM t").execute())
          .isInstanceOf(SQLException.class);
      for (int i = 0; i < 7; i++) {
        select.setInt(1, i);
        select.execute();
      }
      count.execute();

      assertThat(one(proxied, "SELECT id FROM t WHERE id = ?").count()).isEqualTo(7);
      assertThat(one(proxied, "SELECT count ( * ) FROM t").count()).isEqualTo(1);
      assertThat(all(proxied)).noneMatch(digest -> digest.reading() == Reading.UNREADABLE);
    }
  }

  @EngineTest
  void theSchemaInForceIsFollowed(Database database) throws SQLException {
    database.execute("CREATE TABLE t (id INT PRIMARY KEY)");
    try (var proxied = new ProxiedDatabase(database);
        var connection = proxied.connect("");
        var statement = connection.createStatement()) {
      connection.setCatalog("information_schema");
      statement.execute("SELECT 1 FROM tables LIMIT 1");
      statement.execute("USE " + database.schema());
      statement.execute("SELECT 2 FROM t");

      assertThat(one(proxied, "SELECT ? FROM tables LIMIT ?").schema())
          .contains("information_schema");
      assertThat(one(proxied, "SELECT ? FROM t").schema()).contains(database.schema());
    }
  }

  /** Under ANSI_QUOTES double quotes are for names, and the server has told so. */
  @EngineTest
  void theModeInForceIsFollowed(Database database) throws IOException {
    database.execute("CREATE TABLE t (id INT PRIMARY KEY)");
    try (var proxied = new ProxiedDatabase(database);
        var client = client(proxied)) {
      run(client, "SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'");
      run(client, "SELECT \"id\", 'a\\' FROM t");
      run(client, "SET sql_mode = ''");
      run(client, "SELECT \"id\", 'a\\'' FROM t");

      assertThat(touches(database, one(proxied, "SELECT `id` , ? FROM t"), "id")).isTrue();
      assertThat(touches(database, one(proxied, "SELECT ?, ... FROM t"), "id")).isFalse();
    }
  }

  /**
   * The server was told not to tell any more. Until the proxy has made it tell again, the second
   * SELECT is in doubt; afterwards it is known for what it is. Never is it a string for certain.
   */
  @EngineTest
  void aModeThatIsNotToldIsInDoubt(Database database) throws IOException {
    database.execute("CREATE TABLE t (id INT PRIMARY KEY)");
    try (var proxied = new ProxiedDatabase(database);
        var client = client(proxied)) {
      run(client, "SET sql_mode = ''");
      run(client, "SELECT \"a\" FROM t");
      run(client, "SET session_track_system_variables = 'autocommit'");
      run(client, "SET @@sql_mode = 'ANSI_QUOTES'");
      run(client, "SELECT \"id\" FROM t");

      var strings =
          all(proxied).stream().filter(digest -> digest.text().equals("SELECT ? FROM t")).toList();
      assertThat(strings)
          .filteredOn(digest -> digest.reading() == Reading.WHOLE)
          .extracting(Digest::count)
          .containsExactly(1L);
      assertThat(
              strings.stream().anyMatch(digest -> digest.reading() == Reading.DOUBTFUL)
                  || one(proxied, "SELECT `id` FROM t").reading() == Reading.WHOLE)
          .isTrue();
    }
  }

  /** Half of a character of gbk looks like the backslash of an escape. */
  @EngineTest
  void whatIsInDoubtCouldTouchAnything(Database database) throws IOException {
    database.execute("CREATE TABLE t (id INT PRIMARY KEY)");
    try (var proxied = new ProxiedDatabase(database);
        var client = client(proxied)) {
      run(client, "SET NAMES gbk");
      run(client, "SELECT '\u00e4', id FROM t");

      assertThat(all(proxied))
          .filteredOn(digest -> digest.reading() == Reading.DOUBTFUL)
          .singleElement()
          .extracting(Digest::touches)
          .isEqualTo(Touches.ANYTHING);
    }
  }

  private static RawClient client(ProxiedDatabase proxied) throws IOException {
    var client = new RawClient(proxied.proxy.address());
    var database = proxied.database;
    byte[] answer =
        client.login(database.user(), database.password(), database.schema(), CAPABILITIES);
    assertThat(answer[0]).isZero();
    return client;
  }

  private static void run(RawClient client, String sql) throws IOException {
    client.query(sql);
    assertThat(client.result(CAPABILITIES)[0]).isNotEqualTo((byte) ErrPacket.FIRST_BYTE);
  }

  @EngineTest
  void ofLongTextsOnlyTheBeginningIsRead(Database database) throws SQLException {
    database.execute("CREATE TABLE t (id INT PRIMARY KEY, b LONGBLOB)");
    try (var proxied = new ProxiedDatabase(database);
        var connection = proxied.connect("");
        var statement = connection.createStatement()) {
      statement.execute("INSERT INTO t (id, b) VALUES (1, '" + "x".repeat(500_000) + "')");
      statement.execute("INSERT INTO t VALUES (2, '" + "x".repeat(3 << 20) + "')");

      assertThat(one(proxied, "INSERT INTO t ( id , b ) VALUES (...)").reading())
          .isEqualTo(Reading.WHOLE);
      assertThat(all(proxied))
          .filteredOn(digest -> digest.reading() == Reading.CUT)
          .singleElement()
          .extracting(Digest::touches)
          .isEqualTo(Touches.ANYTHING);
    }
  }

  private static boolean touches(Database database, Digest digest, String column) {
    return digest.touches().touches(database.schema(), database.schema(), "t", column);
  }

  private static Digest one(ProxiedDatabase proxied, String text) {
    var found = all(proxied).stream().filter(digest -> digest.text().equals(text)).toList();
    assertThat(found).as(all(proxied).toString()).hasSize(1);
    return found.getFirst();
  }

  private static List<Digest> all(ProxiedDatabase proxied) {
    return proxied.proxy.digests().all();
  }
}
