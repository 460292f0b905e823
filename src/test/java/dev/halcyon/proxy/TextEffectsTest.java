package dev.halcyon.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.proxy.SuspectWords.Word;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What text does to a session is seen however it is written; what it only mentions is not. */
class TextEffectsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "LOCK TABLES t WRITE | TABLE_LOCK",
        "lock instance for backup | BACKUP_LOCK",
        "/* a */ Lock/**/table t READ | TABLE_LOCK",
        "FLUSH TABLES WITH READ LOCK | TABLE_LOCK",
        "FLUSH TABLES t FOR EXPORT | TABLE_LOCK",
        "BACKUP STAGE START | BACKUP_LOCK",
        "SELECT a, get_lock('x', 1) FROM t | USER_LOCK",
        "DO 1; DO GET_LOCK('x', 1) | USER_LOCK",
        "CREATE TEMPORARY TABLE t (i INT) | TEMPORARY_TABLE",
        "CREATE OR REPLACE TEMPORARY TABLE t (i INT) | TEMPORARY_TABLE",
        "CREATE /*!50000 TEMPORARY */ TABLE t (i INT) | TEMPORARY_TABLE",
        "CREATE/**/TEMPORARY/**/TABLE t (i INT) | TEMPORARY_TABLE",
        "HANDLER t OPEN | HANDLER",
        "XA START 'x' | XA",
        "PREPARE s FROM 'DO 1' | TEXT_PREPARE",
        "EXECUTE IMMEDIATE 'DO 1' | TEXT_PREPARE",
      })
  void bringsABond(String sql, Hindrance bond) {
    assertThat(effects(sql, true).brings()).containsExactly(bond);
    assertThat(effects(sql, false).brings()).contains(bond);
  }

  @Test
  void commentsUpToTheLinesEndHideNothing() {
    assertThat(effects("LOCK -- b\n TABLES t READ", true).brings())
        .containsExactly(Hindrance.TABLE_LOCK);
    assertThat(effects("# a\nHANDLER t OPEN", true).brings()).containsExactly(Hindrance.HANDLER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 'LOCK TABLES t' FROM locks",
        "SELECT * FROM t LOCK IN SHARE MODE",
        "INSERT INTO t VALUES ('a temporary lock', 'call the handler; xa start')",
        "SELECT x FROM t -- GET_LOCK",
        "SELECT blocks, xa, handler, prepare FROM clock",
        "DROP TEMPORARY TABLE t",
        "DECLARE x HANDLER FOR SQLEXCEPTION BEGIN END",
      })
  void mentionsOnly(String sql) {
    assertThat(effects(sql, true).brings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "UNLOCK TABLES, TABLE_LOCK",
    "SELECT RELEASE_ALL_LOCKS(), USER_LOCK",
    "XA COMMIT 'x', XA",
  })
  void freesAlone(String sql, Hindrance bond) {
    assertThat(effects(sql, true).frees()).containsExactly(bond);
    assertThat(effects(sql, false).frees()).isEmpty();
    assertThat(effects(sql + "; LOCK TABLES t READ", true).frees()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UNLOCK INSTANCE",
        "SELECT RELEASE_ALL_LOCKS() FROM t",
        "SELECT 0 && RELEASE_ALL_LOCKS()",
        "SELECT 'UNLOCK TABLES'",
        "XA RECOVER",
      })
  void freesNothingForCertain(String sql) {
    assertThat(effects(sql, true).frees()).isEmpty();
  }

  @Test
  void callsAreSeen() {
    assertThat(effects("CALL p()", true).calls()).isTrue();
    assertThat(effects("CALL p()", false).calls()).isTrue();
    assertThat(effects("SELECT 'CALL p()'", true).calls()).isFalse();
  }

  @Test
  void wordsAreFoundAcrossPieces() {
    byte[] sql =
        "\u0003SELECT GET_LOCK('x', 1) FROM t WHERE `xa`=1 UNLOCK"
            .getBytes(StandardCharsets.US_ASCII);
    for (int cut = 0; cut <= sql.length; cut++) {
      var words = new SuspectWords();
      words.read(Unpooled.wrappedBuffer(sql), 0, cut);
      words.read(Unpooled.wrappedBuffer(sql), cut, sql.length - cut);
      assertThat(words.found()).containsExactlyInAnyOrder(Word.GET_LOCK, Word.XA, Word.UNLOCK);
      assertThat(words.hasBackslash()).isFalse();
      words.restart();
      assertThat(words.found()).isEmpty();
    }
  }

  private static TextEffects.Effects effects(String sql, boolean readable) {
    var words = new SuspectWords();
    byte[] bytes = sql.getBytes(StandardCharsets.UTF_8);
    words.read(Unpooled.wrappedBuffer(bytes), 0, bytes.length);
    Set<Word> found = words.found();
    @Nullable String text = readable ? sql : null;
    return found.isEmpty() ? TextEffects.Effects.NONE : TextEffects.of(found, text);
  }
}
