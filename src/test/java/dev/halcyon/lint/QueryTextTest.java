package dev.halcyon.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.model.Engine;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Queries are found in whatever applications leave behind. */
class QueryTextTest {
  @Test
  void inSqlFiles() {
    var text =
        read(
            "-- a comment\nSELECT a FROM t\n WHERE b = 1;\n"
                + "-- halcyon: allow H501 because of a report\n\nUPDATE t SET a = 2");

    assertThat(places(text))
        .containsExactly("q:2:1 SELECT a FROM t\n WHERE b = 1", "q:6:1 UPDATE t SET a = 2");
    assertThat(text.allowed()).hasSize(1);
  }

  @Test
  void inGeneralLogsOfMySql() {
    var text =
        read(
            """
            /usr/sbin/mysqld, Version: 8.0.33 (MySQL Community Server - GPL). started with:
            Tcp port: 3306  Unix socket: /tmp/mysql.sock
            Time                 Id Command    Argument
            2026-11-21T19:00:00.123456Z	    8 Connect	app@localhost on shop using TCP/IP
            2026-11-21T19:00:00.123456Z	    8 Query	SELECT a
              FROM t
            2026-11-21T19:00:01.000000Z	    8 Prepare	INSERT INTO t (a) VALUES (?)
            2026-11-21T19:00:01.000000Z	    8 Execute	INSERT INTO t (a) VALUES (5)
            2026-11-21T19:00:01.000000Z	    8 Execute	INSERT INTO t (a) VALUES (6)
            2026-11-21T19:00:01.000000Z	    8 Query	SELECT * FROM information_schema.tables
            2026-11-21T19:00:01.000000Z	    8 Query	SELECT * FROM halcyon_step
            2026-11-21T19:00:02.000000Z	    8 Quit
            """);

    assertThat(places(text))
        .containsExactly("q:5:41 SELECT a\n  FROM t", "q:8:43 INSERT INTO t (a) VALUES (5)");
  }

  @Test
  void inGeneralLogsOfMariaDb() {
    var text =
        read(
            """
            mariadbd, Version: 11.4.5-MariaDB-log (binary). started with:
            Time\t\t    Id Command\tArgument
            261121 19:21:11\t     8 Connect\tapp@localhost on  using Socket
            \t\t     8 Query\tSELECT a FROM t
            261121 19:21:12\t     8 Query\tDELETE FROM t LIMIT 1
            """);

    assertThat(places(text))
        .containsExactly("q:4:16 SELECT a FROM t", "q:5:30 DELETE FROM t LIMIT 1");
  }

  @Test
  void inSlowLogs() {
    var text =
        read(
            """
            # Time: 2026-11-21T19:00:00.123456Z
            # User@Host: app[app] @ localhost []  Id:     8
            # Query_time: 2.000000  Lock_time: 0.000000 Rows_sent: 1  Rows_examined: 0
            use shop;
            SET timestamp=1700000000;
            SELECT a,
                   b
              FROM t;
            # User@Host: app[app] @ localhost []  Id:     9
            # Query_time: 1.000000  Lock_time: 0.000000 Rows_sent: 1  Rows_examined: 0
            SET timestamp=1700000001;
            UPDATE t SET a = 1;
            """);

    assertThat(places(text))
        .containsExactly("q:6:1 SELECT a,\n       b\n  FROM t", "q:12:1 UPDATE t SET a = 1");
  }

  @Test
  void queriesThatDifferInLiteralsCountOnce() {
    assertThat(
            places(
                read(
                    "SELECT a FROM t WHERE b = 'x'; select a from t where b = 5; SELECT b FROM t")))
        .containsExactly("q:1:1 SELECT a FROM t WHERE b = 'x'", "q:1:61 SELECT b FROM t");
  }

  @Test
  void sqlOfAnyLengthIsReadInParts() {
    String routine = "CREATE PROCEDURE p() BEGIN SELECT a0 FROM t; SELECT b FROM t; END;\n";
    String text =
        IntStream.range(0, 40_000)
            .mapToObj(i -> "SELECT 'it;\\n' AS a" + i % 7 + "\n  FROM t;\n")
            .collect(Collectors.joining("", routine, "-- halcyon: allow H501 because I say so\n"));

    var read = read(text + "SELECT last FROM t");

    assertThat(read.queries()).hasSize(9);
    assertThat(read.queries().getLast().place()).hasToString("q:80003:1");
    assertThat(read.allowed().getFirst().place().line()).isEqualTo(80_002);
  }

  @Test
  void aLogOfManyQueriesKeepsThoseThatDiffer() {
    var text = new QueryText();
    var _ =
        text.read(
            Engine.MYSQL,
            "q",
            () ->
                IntStream.range(0, 100_000)
                    .mapToObj(
                        i ->
                            "2026-11-21T19:00:00.123456Z\t 8 Query\tSELECT a FROM t"
                                + i % 3
                                + " WHERE id = "
                                + i));

    assertThat(places(text)).hasSize(3);
  }

  private static QueryText read(String text) {
    return new QueryText().read(Engine.MYSQL, "q", text::lines);
  }

  private static List<String> places(QueryText text) {
    return text.queries().stream().map(q -> q.place() + " " + q.text()).toList();
  }
}
