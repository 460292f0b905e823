package dev.halcyon.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.model.Engine;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Version;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ScriptParserTest {
  private static final String ALTER = "ALTER TABLE t ADD COLUMN a INT;\n";

  @Test
  void sortsByVersionNotByName() {
    var folder =
        parse(
            file("V10__ten.sql", ALTER),
            file("V9__nine.sql", ALTER),
            file("V1_2__one_two.sql", ALTER),
            file("V1.10__one_ten.sql", ALTER),
            file("sub/V2__two.sql", ALTER),
            file("README.md", "no SQL"));

    assertThat(folder.findings()).isEmpty();
    assertThat(folder.scripts())
        .extracting(s -> s.version().text() + " " + s.description())
        .containsExactly("1.2 one_two", "1.10 one_ten", "2 two", "9 nine", "10 ten");
  }

  @Test
  void pairsPhasesByNameAndByFolder() {
    var folder =
        parse(
            file("V1__a.expand.sql", ALTER),
            file("V1__a.contract.sql", "-- halcyon: gate open=1d\nDROP TABLE t;"),
            file("expand/V2__b.sql", ALTER),
            file("contract/V2__c.sql", "DROP TABLE t;"),
            file("V3__d.contract.sql", ALTER));

    assertThat(folder.findings()).isEmpty();
    assertThat(folder.scripts())
        .extracting(s -> s.file() + sizes((Script.Form.AsWritten) s.form()))
        .containsExactly(
            "V1__a.expand.sql 1 1 1", "expand/V2__b.sql 1 1 0", "V3__d.contract.sql 0 1 0");
    assertThat(folder.scripts()).extracting(Script::description).containsExactly("a", "b", "d");
  }

  @Test
  void findsEverythingAtOnce() {
    var folder =
        parse(
            file("V1__a.sql", "-- halcyon: fill it\n\n  INSERT INTO t VALUES (1);\nDROP TABLE t;"),
            file("V1.0__again.sql", ALTER),
            file("V1__a.contract.sql", ALTER),
            file("V2_single.sql", ALTER),
            file("U2__undo.sql", ALTER),
            file("expand/V4__x.contract.sql", ALTER),
            file("V5__phase.expand.sql", "-- halcyon: fill t.a = 1\n" + ALTER),
            file("R__v.sql", "-- halcyon: gate open=1d\nCREATE VIEW v AS SELECT 1;"),
            file("sub/R__v.sql", "CREATE VIEW v AS SELECT 'open"));

    assertThat(folder.findings())
        .extracting(ScriptParserTest::text)
        .containsExactly(
            "R__v.sql:1:1 HAL-211",
            "U2__undo.sql:1:1 HAL-202 WARNING",
            "V1__a.contract.sql:1:1 HAL-203",
            "V1__a.sql:1:1 HAL-203",
            "V1__a.sql:1:1 HAL-211",
            "V2_single.sql:1:1 HAL-202",
            "V5__phase.expand.sql:1:1 HAL-211",
            "expand/V4__x.contract.sql:1:1 HAL-202",
            "sub/R__v.sql:1:1 HAL-203",
            "sub/R__v.sql:1:25 HAL-210");
  }

  @Test
  void refusesDataAndSchemaInOneEndState() {
    var mixed = "ALTER TABLE t ADD COLUMN a INT;\n\n  UPDATE t SET a = 1;";

    assertThat(parse(file("V1__a.sql", mixed)).findings())
        .extracting(ScriptParserTest::text)
        .containsExactly("V1__a.sql:3:3 HAL-308");
    assertThat(parse(file("V1__a.expand.sql", mixed)).findings()).isEmpty();
    assertThat(parse(file("V1__a.sql", "UPDATE t SET a = 1; DELETE FROM t;")).findings()).isEmpty();
  }

  @Test
  void checksumForgivesLineEndsOnly() {
    var unix = parse(file("V1__a.sql", "DROP TABLE a;\nDROP TABLE b;\n"));
    var windows = parse(file("V1__a.sql", "\uFEFFDROP TABLE a;\r\nDROP TABLE b;\r\n"));
    var changed = parse(file("V1__a.sql", "DROP TABLE a;\nDROP TABLE c;\n"));

    assertThat(checksum(unix)).hasSize(64).isEqualTo(checksum(windows));
    assertThat(checksum(unix)).isNotEqualTo(checksum(changed));
    assertThat(checksum(parse(file("V1__a.expand.sql", ALTER))))
        .isNotEqualTo(checksum(parse(file("V1__a.contract.sql", ALTER))));
  }

  @Test
  void countsPlacesInCharacters() {
    var folder = parse(file("V1__a.sql", "/* ünïcödé 🎈 */ DROP TABLE x;\r\n\tDROP TABLE y"));

    assertThat(((Script.Form.EndState) folder.scripts().getFirst().form()).statements())
        .extracting(s -> s.place().line() + ":" + s.place().column())
        .containsExactly("1:17", "2:2");
  }

  @Test
  void keepsRepeatablesByName() {
    var folder = parse(file("R__b.sql", "CREATE VIEW b AS SELECT 1"), file("R__a.sql", ""));

    assertThat(folder.repeatables()).extracting(Repeatable::name).containsExactly("a", "b");
    assertThat(folder.repeatables().getLast().statements()).hasSize(1);
  }

  @Test
  void equalVersionsAreOne() {
    assertThat(parse(file("V01__a.sql", ALTER)).scripts().getFirst().version())
        .isEqualTo(Version.parse("V1"));
  }

  private static String sizes(Script.Form.AsWritten form) {
    return " "
        + form.expand().size()
        + " "
        + form.contract().size()
        + " "
        + form.directives().size();
  }

  private static String checksum(ParsedFolder folder) {
    return folder.scripts().getFirst().checksum();
  }

  private static String text(Finding finding) {
    return finding.place() + " " + finding.code() + (finding.blocks() ? "" : " " + finding.level());
  }

  private static SourceFile file(String path, String text) {
    return new SourceFile(path, text);
  }

  private static ParsedFolder parse(SourceFile... files) {
    return ScriptParser.parse(Engine.MARIADB, "shop", Stream.of(files).toList());
  }

  @Test
  void readsAThousandFilesInUnderTwoSeconds() {
    var files = new ArrayList<SourceFile>();
    for (int i = 1; i <= 1000; i++) {
      files.add(file("V" + i + "__c" + i + ".sql", "-- halcyon: gate open=1d\n" + ALTER.repeat(3)));
    }
    long before = cpuTime();
    assertThat(ScriptParser.parse(Engine.MYSQL, "shop", files).scripts()).hasSize(1000);
    assertThat(Duration.ofNanos(cpuTime() - before)).isLessThan(Duration.ofSeconds(2));
  }

  /** Of this thread, so that a busy machine does not fail the test. */
  private static long cpuTime() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  @Test
  void passesOverAnEmptyFolder() {
    assertThat(ScriptParser.parse(Engine.MYSQL, "shop", List.of()))
        .isEqualTo(new ParsedFolder(List.of(), List.of(), List.of()));
  }
}
