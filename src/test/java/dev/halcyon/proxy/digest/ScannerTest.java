package dev.halcyon.proxy.digest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.proxy.digest.Syntax.CharacterSet;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Digests do not depend on literals, comments, blanks and letters' case, but on all else. */
class ScannerTest {
  private static final Syntax USUAL = new Syntax(true, false, true, CharacterSet.PLAIN);
  private static final Syntax ANSI = new Syntax(true, true, true, CharacterSet.PLAIN);
  private static final Syntax PLAIN_BACKSLASH = new Syntax(true, false, false, CharacterSet.PLAIN);
  private static final Syntax HALVES = new Syntax(true, false, true, CharacterSet.HALVES);
  private static final Syntax UNKNOWN = new Syntax(false, false, true, CharacterSet.UNKNOWN);

  /** One statement as it was scanned. */
  private record Scanned(String text, long hash, boolean doubtful) {}

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "select c from sbtest1 where id=5 | SELECT c FROM sbtest1 WHERE id = ?",
        "SELECT  *\tFROM Users -- all | SELECT * FROM users",
        "SELECT a FROM t WHERE b IN (1, 2 ,3) | SELECT a FROM t WHERE b IN (...)",
        "SELECT a FROM t WHERE b IN ('x') | SELECT a FROM t WHERE b IN (...)",
        "SELECT f(1), f(1, 2), f(a, 1) | SELECT f (?) , f (...) , f ( a , ? )",
        "INSERT INTO t VALUES (1,'a'),(2,'b'),(3,NULL) | INSERT INTO t VALUES (...)",
        "INSERT INTO t (a) VALUES (1), (2) | INSERT INTO t ( a ) VALUES (?)",
        "INSERT INTO t VALUES (1, NOW()), (2, NOW()) | INSERT INTO t VALUES ( ? , now ( ) )",
        "INSERT INTO t VALUES (1, f()), (2, g()) "
            + "| INSERT INTO t VALUES ( ? , f ( ) ) , ( ? , g ( ) )",
        "SELECT ((1,2),(3,4)) | SELECT ( (...) )",
        "SELECT -1, a - 1, a = -1.5e-3, (-2) | SELECT ? , a - ? , a = ? , (?)",
        "SELECT x'4D', X'4d', 0x4D, b'1', 0b1, N'a', 0xZ, 1a | SELECT ?, ... , 0xz , 1a",
        "SELECT 'it''s', 'it\\'s', \"a \"\"b\" | SELECT ?, ...",
        "SELECT `From``x`, t.1a, .5, 1. | SELECT `from``x` , t . 1a , ?, ...",
        "SELECT /* c ' */ a /*!40001 , b */ /*M! , c */ | SELECT a , b , c",
        "SELECT @x, @@global.sql_mode, @'x y' | SELECT @x , @@global.sql_mode , @ ?",
        "SELECT a->>'$.b', a<=>1, a:=1, a!=b | SELECT a ->> ? , a <=> ? , a := ? , a != b",
        "SELECT a FROM t LIMIT 5, 10 # rows | SELECT a FROM t LIMIT ?, ...",
        "SELECT COALESCE(NULL, NULL, a), NULL | SELECT coalesce ( ?, ... , a ) , NULL",
        "SELECT ünï, 'ß' FROM `Ä` | SELECT ünï , ? FROM `Ä`",
        "SELECT _utf8mb4'abc' | SELECT _utf8mb4 ?",
        "SELECT 5--1 | SELECT ? - ?",
      })
  void normalises(String text, String digest) {
    var scanned = scan(text, USUAL);

    assertThat(scanned).hasSize(1);
    assertThat(scanned.getFirst().text()).isEqualTo(digest);
    assertThat(scanned.getFirst().doubtful()).isFalse();
  }

  @Test
  void takesStatementsApart() {
    assertThat(scan("SELECT ';' ; /* ; */ DELETE FROM t ;; ", USUAL))
        .extracting(Scanned::text)
        .containsExactly("SELECT ?", "DELETE FROM t");
    assertThat(scan(" ; -- nothing", USUAL)).isEmpty();
  }

  @Test
  void followsTheModeOfTheSession() {
    assertThat(scan("SELECT \"a\"\"b\"", ANSI).getFirst().text()).isEqualTo("SELECT `a\"b`");
    assertThat(scan("SELECT '\\', a, '\\'", PLAIN_BACKSLASH).getFirst().text())
        .isEqualTo("SELECT ? , a , ?");
    assertThat(scan("SELECT '\\', a, '", USUAL).getFirst().text()).isEqualTo("SELECT ?");
  }

  @Test
  void sameNamesHaveTheSameHashWhicheverTheirQuotes() {
    assertThat(scan("SELECT \"aB\" FROM t", ANSI)).isEqualTo(scan("select `Ab` from T", USUAL));
  }

  @Test
  void doubtIsTold() {
    assertThat(scan("SELECT \"a\"", UNKNOWN).getFirst().doubtful()).isTrue();
    assertThat(scan("SELECT 'ä'", UNKNOWN).getFirst().doubtful()).isFalse();
    assertThat(scan("SELECT 'ä", USUAL).getFirst().doubtful()).isTrue();
    assertThat(scan("SELECT 1 /* c", USUAL).getFirst().doubtful()).isTrue();
    assertThat(scan("SELECT 1 /*!99999 ' */", USUAL).getFirst().doubtful()).isTrue();
    assertThat(scan("SET NAMES gbk; SELECT a", USUAL))
        .extracting(Scanned::doubtful)
        .containsExactly(false, true);
    assertThat(scan("SET @@session.sql_mode = ''; SELECT a; SELECT @@sql_mode; DO 1", USUAL))
        .extracting(Scanned::doubtful)
        .containsExactly(false, true, true, true);
    assertThat(scan("SELECT @@sql_mode; SELECT a", USUAL))
        .extracting(Scanned::doubtful)
        .containsExactly(false, false);
  }

  /** 0xbf5c is one character of gbk: its second byte is no backslash. */
  @Test
  void halfCharactersAreNotGuessedAt() {
    byte[] text = "SELECT '\u00bf\\', a, ' FROM b'".getBytes(StandardCharsets.ISO_8859_1);

    assertThat(scan(text, HALVES).getFirst().doubtful()).isTrue();
    assertThat(scan(text, UNKNOWN).getFirst().doubtful()).isTrue();
    assertThat(scan("SELECT '\\'', a", HALVES).getFirst().doubtful()).isFalse();
  }

  @Test
  void otherCharacterSetsHaveNoText() {
    byte[] text = "SELECT \u00fc FROM t".getBytes(StandardCharsets.ISO_8859_1);

    assertThat(scan(text, USUAL).getFirst().text()).isEqualTo("(unreadable)");
  }

  private static final List<String> PARTS =
      List.of(
          "SELECT", "FROM", "WHERE", "users", "`Order`", "a", "b.c", "*", ",", "(", ")", "=", "<=",
          "AND", "IN", "VALUES", "NULL", "f", "+", "-", "@x", "->>", "ünï", "t1", "?", "NOT");
  private static final List<String> LITERALS =
      List.of(
          "1",
          "42",
          "1.5",
          ".5",
          "1e10",
          "0x1F",
          "0b01",
          "'a'",
          "'it''s'",
          "'\\''",
          "''",
          "\"q\"",
          "x'4D'",
          "'; -- #'",
          "'/*'",
          "'ß'",
          "?");
  private static final List<String> GAPS =
      List.of(
          " ", "\n", "\t ", " -- c ; ' `\n", " # x'\n", " /* ; ' ` -- */ ", " /**/ ", " /*M! */");

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void literalsBlanksCommentsAndCaseDoNotMatter(long seed) {
    var random = new Random(seed);
    for (int round = 0; round < 2000; round++) {
      var parts = parts(random);
      String one = text(random, parts);
      String other = text(random, parts);

      assertThat(scan(one, USUAL)).as(one + "\n" + other).isEqualTo(scan(other, USUAL));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18})
  void findsWhatThePlainWayFinds(long seed) {
    var random = new Random(seed);
    Map<Long, String> texts = new HashMap<>();
    Map<String, Long> hashes = new HashMap<>();
    for (int round = 0; round < 2000; round++) {
      String text = text(random, parts(random));
      var scanned = scan(text, USUAL);

      assertThat(scanned).extracting(Scanned::text).as(text).isEqualTo(SlowDigest.of(text));
      for (var one : scanned) {
        assertThat(texts.merge(one.hash(), one.text(), (a, b) -> a)).isEqualTo(one.text());
        assertThat(hashes.merge(one.text(), one.hash(), (a, b) -> a)).isEqualTo(one.hash());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23, 24})
  void readsAnyBytes(long seed) {
    var random = new Random(seed);
    byte[] alphabet = "ab1. ;,()'\"`@#-/*!\\\n$?+INVALUES\u00e9".getBytes(StandardCharsets.UTF_8);
    for (int round = 0; round < 5000; round++) {
      var text = new byte[random.nextInt(60)];
      for (int i = 0; i < text.length; i++) {
        text[i] = alphabet[random.nextInt(alphabet.length)];
      }
      for (var syntax : List.of(USUAL, ANSI, PLAIN_BACKSLASH, HALVES, UNKNOWN)) {
        assertThat(scan(text, syntax)).allMatch(one -> !one.text().isEmpty());
      }
    }
  }

  /** A null is for a literal. */
  private static List<String> parts(Random random) {
    var parts = new ArrayList<String>();
    for (int i = random.nextInt(15); i >= 0; i--) {
      parts.add(random.nextInt(3) == 0 ? "" : PARTS.get(random.nextInt(PARTS.size())));
    }
    return parts;
  }

  private static String text(Random random, List<String> parts) {
    var text = new StringBuilder();
    for (String part : parts) {
      if (part.isEmpty()) {
        text.append(LITERALS.get(random.nextInt(LITERALS.size())));
      } else if (part.startsWith("`")) {
        text.append(part);
      } else {
        part.chars().forEach(c -> text.append(random.nextBoolean() ? (char) c : other((char) c)));
      }
      text.append(GAPS.get(random.nextInt(GAPS.size())));
    }
    return text.toString();
  }

  private static char other(char c) {
    return c >= 'a' && c <= 'z' ? (char) (c - 32) : c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
  }

  private static List<Scanned> scan(String text, Syntax syntax) {
    return scan(text.getBytes(StandardCharsets.UTF_8), syntax);
  }

  private static List<Scanned> scan(byte[] text, Syntax syntax) {
    var all = new ArrayList<Scanned>();
    var scanner =
        new Scanner(
            (bytes, tokens, doubtful, _) ->
                all.add(
                    new Scanned(
                        tokens.text(bytes).orElse("(unreadable)"), tokens.hash(), doubtful)));
    scanner.scan(text, 0, text.length, syntax, true);
    return all;
  }
}
