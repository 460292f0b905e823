package dev.halcyon.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rather a column too many than one too few. */
class TouchReaderTest {
  /** Each table: its name, a star for every column, the columns read, then those written. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT a, b FROM t WHERE c = ? | t[a b c]",
        "SELECT * FROM t | t*[]",
        "SELECT ALL SQL_NO_CACHE * FROM t | t*[sql_no_cache]",
        "SELECT a * b FROM t | t[a b]",
        "SELECT COUNT ( * ) FROM t | t[]",
        "SELECT x . * , y . a FROM t AS x JOIN u y ON x . id = y . t_id | t*[id] u[a t_id]",
        "SELECT t . a , u . b , c FROM t , u | t[a c] u[b c]",
        "SELECT a FROM s . t | s.t[a]",
        "SELECT s . t . a FROM s . t , u | u[] s.t[a]",
        "SELECT a FROM t NATURAL JOIN u | t*[a] u*[a]",
        "SELECT a FROM t JOIN u USING ( id ) , v | t[a id] u[a id] v[a id]",
        "SELECT a FROM t JOIN u ON t . x IN ( b , c ) , v | t[a b c x] u[a b c] v[a b c]",
        "SELECT a FROM ( t , u ) JOIN ( v ) ON b | t[a b] u[a b] v[a b]",
        "SELECT d . a FROM ( SELECT b AS a FROM t ) AS d , u | t[a b d] u[a b d]",
        "SELECT a FROM t WHERE EXISTS ( SELECT * FROM u WHERE u . x = t . y ) | t*[a y] u*[a x]",
        "SELECT TRIM ( LEADING ? FROM name ) , EXTRACT ( YEAR FROM day ) FROM t "
            + "| t[day name year]",
        "WITH c AS ( SELECT a FROM t ) SELECT b FROM c | c[a b c] t[a b c]",
        "SELECT a FROM t USE INDEX FOR JOIN ( i ) , u | i[a] t[a] u[a]",
        "SELECT a FROM t FOR SYSTEM_TIME AS OF ? , u | t[a of system_time] u[a of system_time]",
        "SELECT a FROM t FOR UPDATE | t[a]",
        "SELECT a FROM t UNION SELECT b FROM u | t[a b] u[a b]",
        "( SELECT a FROM t ) UNION ( SELECT b FROM u ) | t[a b] u[a b]",
        "SELECT `select` , `Key` FROM `from` | from[key select]",
        "SELECT t . select FROM t | t[select]",
        "SELECT value FROM t JOIN value ON t . a = value . b | t[a value] value[b value]",
        "INSERT INTO t ( a , b ) VALUES (...) | t[] <- [a b]",
        "INSERT IGNORE t VALUES (...) | t*[]",
        "INSERT INTO t SET a = ? , b = c | t[c] <- [a b]",
        "INSERT INTO t ( a ) SELECT b FROM u WHERE c | t[b c] <- [a] u[b c]",
        "INSERT INTO t SELECT * FROM u | t*[] u*[]",
        "INSERT INTO t ( a ) VALUES (?) ON DUPLICATE KEY UPDATE b = VALUES ( c ) | t[c duplicate] <- [a b]",
        "INSERT INTO t PARTITION ( p ) ( a ) VALUES (?) | t[] <- [a]",
        "REPLACE INTO s . t ( a ) VALUES (?) | s.t[] <- [a]",
        "INSERT INTO t ( a ) VALUES (?) RETURNING b | t[b returning] <- [a]",
        "SELECT REPLACE ( a , ? , ? ) , INSERT ( b , ?, ... ) FROM t , u | t[a b] u[a b]",
        "UPDATE t SET a = b + ? , t . c = ? WHERE d = ? | t[b d] <- [a c]",
        "UPDATE t AS x JOIN u ON x . id = u . id SET x . a = u . b | t[id] <- [a] u[b id]",
        "UPDATE t , u SET t . a = ? WHERE u . b | t[] <- [a] u[b]",
        "DELETE FROM t WHERE a = ? | t[a]",
        "DELETE FROM t RETURNING a , b | t[a b returning]",
        "DELETE x FROM t x JOIN u ON x . a = u . a | t[a x] u[a x]",
        "DELETE FROM t USING t JOIN u ON t . a = u . b , v | t[a] u[b] v[]",
        "LOAD DATA LOCAL INFILE ? INTO TABLE t ( a , b ) | t[data local] <- [a b]",
        "LOAD DATA INFILE ? REPLACE INTO TABLE t FIELDS TERMINATED BY ? | t*[data fields]",
        "TABLE t | t*[]",
        "HANDLER t READ FIRST | t*[first]",
        "CREATE TABLE n AS SELECT a FROM t | t[a n]",
        "CREATE VIEW v AS TABLE t | t*[v view]",
        "SET @x = ( SELECT MAX ( a ) FROM t ) | t[a]",
        "SELECT a FROM t WINDOW w AS ( ORDER BY b ) | t[a b w window]",
        "SELECT a FROM t , LATERAL ( SELECT b FROM u ) AS d | t[a b d] u[a b d]",
        "SELECT a FROM JSON_TABLE ( j , ? COLUMNS ( c INT PATH ? ) ) AS d , t "
            + "| t[a c d j path]",
        "SELECT ? | ",
        "COMMIT | ",
        "BEGIN | ",
        "ALTER TABLE t DROP COLUMN a | ",
        "SHOW COLUMNS FROM t | ",
      })
  void findsTablesAndColumns(String statement, String tables) {
    var touches = TouchReader.read(statement);

    assertThat(touches.anything()).isFalse();
    assertThat(text(touches)).isEqualTo(tables == null ? "" : tables);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CALL p ( )",
        "EXECUTE s",
        "PREPARE s FROM @x",
        "BEGIN NOT ATOMIC DELETE FROM t",
        "IF a THEN DELETE FROM t",
        "SELECT ( a FROM t",
        "SELECT a ) FROM t",
        "SELECT a FROM { OJ t LEFT OUTER JOIN u ON b }",
        "SELECT `a",
        "WHATEVER",
        "",
      })
  void whatItDoesNotKnowCouldTouchAnything(String statement) {
    assertThat(TouchReader.read(statement)).isEqualTo(Touches.ANYTHING);
  }

  @Test
  void functionsAreNamed() {
    var touches = TouchReader.read("SELECT Price ( a ) , s . f ( b ) FROM t");

    assertThat(touches.routines()).containsExactly("f", "price");
    assertThat(touches.calls("PRICE")).isTrue();
    assertThat(touches.calls("a")).isFalse();
  }

  @Test
  void namesAreComparedWithoutRegardToCase() {
    var touches = TouchReader.read("SELECT Amount FROM Shop . Orders , users");

    assertThat(touches.touches("web", "shop", "orders", "amount")).isTrue();
    assertThat(touches.touches("web", "web", "USERS", "AMOUNT")).isTrue();
    assertThat(touches.touches("web", "web", "orders", "amount")).isFalse();
    assertThat(touches.touches("web", "shop", "orders", "id")).isFalse();
    assertThat(Touches.ANYTHING.touches("web", "shop", "orders", "id")).isTrue();
  }

  private static String text(Touches touches) {
    var texts = new ArrayList<String>();
    for (var use : touches.tables()) {
      texts.add(
          use.schema().map(schema -> schema + ".").orElse("")
              + use.table()
              + (use.everyColumn() ? "*" : "")
              + "["
              + String.join(" ", use.reads()).toLowerCase(Locale.ROOT)
              + "]"
              + (use.writes().isEmpty() ? "" : " <- [" + String.join(" ", use.writes()) + "]"));
    }
    return String.join(" ", texts);
  }
}
