package dev.halcyon.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.proxy.wire.Capabilities;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A session that was moved answers as if it had not been. */
class MovedStateTest {
  private static final int AT_A_TIME = 80;

  /** What a session is asked before and after. None of it changes the session. */
  private static final List<String> PROBES =
      List.of(
          "SELECT DATABASE(), CURRENT_USER(), CURRENT_ROLE(), LAST_INSERT_ID()",
          """
          SELECT @@sql_mode, @@time_zone, @@autocommit, @@transaction_isolation,
                 @@character_set_client, @@character_set_connection, @@character_set_results,
                 @@collation_connection, @@foreign_key_checks, @@unique_checks, @@sql_safe_updates,
                 @@sql_select_limit, @@max_join_size, @@sql_big_selects, @@sql_auto_is_null,
                 @@lc_time_names, @@group_concat_max_len, @@div_precision_increment,
                 @@default_week_format, @@sort_buffer_size, @@lock_wait_timeout,
                 @@innodb_lock_wait_timeout, @@auto_increment_increment, @@insert_id,
                 @@optimizer_switch, @@transaction_read_only, @@net_write_timeout, @@sql_log_bin
          """,
          "SELECT @i, @u, @n, @d, @f, @s, @b, @e, @big, @`odd ``name`",
          """
          SELECT HEX(@s), CHARSET(@s), COLLATION(@s), HEX(@b), CHARSET(@b), COLLATION(@d),
                 @u - 1, @d + 0, @f / 3, COERCIBILITY(@s), LENGTH(@big), CHARSET(@e)
          """,
          "SELECT @@timestamp < 1000000000, CONVERT_TZ('2026-01-01 00:00:00', @@time_zone, '+00:00')",
          "SELECT 'a' = 'A', 'x' || 'y', CHARSET('x'), COLLATION('x'), 1 / 3");

  private static final List<Long> CLIENTS =
      List.of(
          RawClient.PLAIN | Capabilities.SESSION_TRACK | Capabilities.DEPRECATE_EOF,
          RawClient.PLAIN | Capabilities.SESSION_TRACK,
          RawClient.PLAIN | Capabilities.DEPRECATE_EOF,
          RawClient.PLAIN);

  private static final List<List<String>> STATES =
      List.of(
          List.of(),
          List.of("SET NAMES latin1 COLLATE latin1_bin"),
          List.of("SET NAMES utf8mb4", "SET character_set_results = NULL"),
          List.of("SET character_set_connection = ucs2"),
          List.of("SET collation_connection = utf8mb4_bin", "SET character_set_results = utf16"),
          List.of("SET sql_mode = 'ANSI,NO_BACKSLASH_ESCAPES'", "SET time_zone = '+03:30'"),
          List.of("SET sql_mode = ''", "SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE"),
          List.of("SET SESSION TRANSACTION READ ONLY"),
          List.of("SET foreign_key_checks = 0, unique_checks = 0, sql_safe_updates = 1"),
          List.of("SET sql_select_limit = 0"),
          List.of("SET sql_select_limit = 1", "SET max_join_size = 100000"),
          List.of("SET sql_auto_is_null = 1"),
          List.of("SET group_concat_max_len = 7", "SET div_precision_increment = 9"),
          List.of("SET default_week_format = 3", "SET SESSION sort_buffer_size = 400000"),
          List.of("SET lock_wait_timeout = 77", "SET innodb_lock_wait_timeout = 88"),
          List.of("SET auto_increment_increment = 5", "SET SESSION net_write_timeout = 99"),
          List.of("SET optimizer_switch = 'mrr=off,index_merge=off'"),
          List.of("SET sql_log_bin = 0"),
          List.of("SET autocommit = 0"),
          List.of("SET @i = -5, @u = CAST(18446744073709551615 AS UNSIGNED), @n = NULL"),
          List.of("SET @d = 1.50, @f = 1.5e300, @e = '', @i = -9223372036854775808"),
          List.of("SET @d = CAST(7 AS DECIMAL(10,0)), @f = -0.1e0, @f = 1e0 / 3"),
          List.of("SET @s = _latin1 x'E4' COLLATE latin1_german2_ci, @b = x'00FF275C'"),
          List.of("SET @big = REPEAT('x', 200000), @`odd ``name` = 'it''s'"),
          List.of("SET @s = _ucs2 x'00410042', @e = _utf8mb4 x'F09F9880'"),
          List.of("SELECT @i := 3, @s := 'set in passing'", "SELECT 4 INTO @u"),
          List.of("SET last_insert_id = 12345678901"),
          List.of("INSERT INTO counted (x) VALUES (1), (2)"),
          List.of("SELECT LAST_INSERT_ID(77)"),
          List.of("SET insert_id = 4711"),
          List.of("SET timestamp = 1"),
          List.of("SET timestamp = 1", "SET timestamp = DEFAULT"),
          List.of("USE information_schema"),
          List.of("SET ROLE NONE"),
          List.of("SELECT setting()"),
          List.of(
              "SET SESSION net_write_timeout = 98, session_track_system_variables = 'autocommit'",
              "SET lock_wait_timeout = 78, SESSION sort_buffer_size = 500000"),
          List.of("INSERT INTO triggered VALUES (1)"));

  @EngineTest
  void everyStateIsCarried(Database database) throws Exception {
    database.execute(
        "CREATE TABLE counted (id BIGINT AUTO_INCREMENT PRIMARY KEY, x INT)",
        "CREATE TABLE triggered (x INT)",
        "CREATE TRIGGER notes BEFORE INSERT ON triggered FOR EACH ROW SET @i = 8, @s = 'noted'",
        "CREATE FUNCTION setting() RETURNS INT DETERMINISTIC BEGIN"
            + " SET @i = 9; SET SESSION sql_mode = 'ANSI'; RETURN 1; END");
    for (long capabilities : CLIENTS) {
      for (var state : STATES) {
        compare(database, state, capabilities);
      }
    }
  }

  /** Whatever the server tells or does not tell of a change, and under whatever name. */
  @EngineTest
  void everyVariableIsCarried(Database database) throws Exception {
    var settings = settings(database);
    assertThat(settings).hasSizeGreaterThan(90);
    for (int from = 0; from < settings.size(); from += AT_A_TIME) {
      var some = settings.subList(from, Math.min(settings.size(), from + AT_A_TIME));
      try (var proxied = new ProxiedDatabase(database);
          var closer = new Clients()) {
        for (int i = 0; i < some.size(); i++) {
          var client = closer.login(proxied, CLIENTS.get(i % CLIENTS.size()));
          client.answer(some.get(i).set(), CLIENTS.get(i % CLIENTS.size()));
        }
        var before = closer.read(some);
        assertThat(proxied.move()).satisfies(moves -> assertThat(moves.exceptions()).isEmpty());
        var after = closer.read(some);
        for (int i = 0; i < before.size(); i++) {
          assertThat(after.get(i)).as(some.get(i).set()).isEqualTo(before.get(i));
        }
      }
    }
  }

  /** A variable and the statement that gives it another value. */
  private record Setting(String name, String set) {}

  /** Those that can be set to something else than they are. */
  private static List<Setting> settings(Database database) throws IOException, SQLException {
    var settings = new ArrayList<Setting>();
    try (var proxied = new ProxiedDatabase(database)) {
      for (var name : names(database)) {
        try (var clients = new Clients()) {
          var client = clients.login(proxied, RawClient.PLAIN);
          changed(client, name).ifPresent(set -> settings.add(new Setting(name, set)));
        }
      }
    }
    return settings;
  }

  private static List<String> names(Database database) throws SQLException {
    var names = new ArrayList<String>();
    try (var connection = database.connection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SHOW SESSION VARIABLES")) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    names.removeAll(List.of("timestamp", "pseudo_thread_id", "rand_seed1", "rand_seed2"));
    // Each is about one statement only.
    names.removeAll(List.of("error_count", "warning_count", "statement_id", "gtid_seq_no"));
    // Of the schema; on MySQL hardly anybody may set them, and who has set them stays.
    names.removeAll(List.of("character_set_database", "collation_database"));
    names.remove("max_session_mem_used"); // too little is left to ask for the session's state
    names.removeIf(name -> name.startsWith("session_track_"));
    names.removeIf(name -> name.startsWith("wsrep_")); // without Galera refused, but changed
    return names;
  }

  private static Optional<String> changed(RawClient client, String name) throws IOException {
    String variable = "@@session.`" + name + "`";
    for (var value :
        List.of("NOT " + variable, variable + " + 1024", variable + " - 1", "'utf8mb3'", "'ALL'")) {
      String set = "SET " + variable + " = " + value;
      var before = client.answer("SELECT " + variable + " LIMIT 1", RawClient.PLAIN);
      client.answer(set, RawClient.PLAIN);
      if (!client.answer("SELECT " + variable + " LIMIT 1", RawClient.PLAIN).equals(before)) {
        return Optional.of(set);
      }
    }
    return Optional.empty();
  }

  /** Some clients, which go together. */
  private static final class Clients implements AutoCloseable {
    private final List<RawClient> clients = new ArrayList<>();

    RawClient login(ProxiedDatabase proxied, long capabilities) throws IOException {
      var client = new RawClient(proxied.proxy.address());
      clients.add(client);
      var database = proxied.database;
      client.login(database.user(), database.password(), database.schema(), capabilities);
      return client;
    }

    /** What each client's variable is, and all others that it may have changed with. */
    List<List<String>> read(List<Setting> settings) throws IOException {
      var values = new ArrayList<List<String>>();
      for (int i = 0; i < clients.size(); i++) {
        long capabilities = CLIENTS.get(i % CLIENTS.size());
        String name = settings.get(i).name();
        var answer = new ArrayList<>(List.of(name));
        answer.addAll(
            clients.get(i).answer("SELECT @@session.`" + name + "` LIMIT 1", capabilities));
        String all = PROBES.get(1).strip() + " LIMIT 1";
        answer.addAll(clients.get(i).answer(all, capabilities));
        answer.removeIf(packet -> packet.contains("@@"));
        values.add(answer);
      }
      return values;
    }

    @Override
    public void close() throws IOException {
      for (var client : clients) {
        client.close();
      }
    }
  }

  private static void compare(Database database, List<String> state, long capabilities)
      throws Exception {
    try (var proxied = new ProxiedDatabase(database);
        var client = new RawClient(proxied.proxy.address())) {
      client.login(database.user(), database.password(), database.schema(), capabilities);
      for (var sql : state) {
        assertThat(client.answer(sql, capabilities)).as(sql).noneMatch(text -> text.contains("#"));
      }
      var before = probe(client, capabilities);
      var moves = proxied.move();
      assertThat(moves.complete()).as(state + " " + moves).isTrue();
      var after = probe(client, capabilities);
      assertThat(after).hasSameSizeAs(before);
      for (int i = 0; i < before.size(); i++) {
        assertThat(after.get(i)).as("%s %d", state, capabilities).isEqualTo(before.get(i));
      }
    }
  }

  private static List<String> probe(RawClient client, long capabilities) throws IOException {
    var answers = new ArrayList<String>();
    for (var sql : PROBES) {
      answers.addAll(client.answer(sql.strip() + " LIMIT 1", capabilities));
    }
    return answers;
  }
}
