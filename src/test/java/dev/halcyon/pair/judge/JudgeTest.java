package dev.halcyon.pair.judge;

import static dev.halcyon.pair.judge.Effect.CORRUPTS;
import static dev.halcyon.pair.judge.Effect.LOSES;
import static dev.halcyon.pair.judge.Effect.REPLICATES;
import static dev.halcyon.pair.judge.Effect.STOPS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.halcyon.model.Engine;
import dev.halcyon.model.ServerFacts;
import dev.halcyon.model.ServerVersion;
import dev.halcyon.model.TableSchema;
import dev.halcyon.sql.Ddl;
import dev.halcyon.sql.SourceFile;
import dev.halcyon.sql.TableText;
import dev.halcyon.sql.TextDefaults;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each row of the table of differences, without a server; {@link MeasuredDifferencesTest} asks. */
class JudgeTest {
  private static final Conversions WIDER = new Conversions(true, false);
  private static final Conversions LOSSY = new Conversions(true, true);
  private static final String KEY = ", PRIMARY KEY (`id`)";
  private static final String PLAIN = "`id` int NOT NULL, `a` int, `s` varchar(20)" + KEY;

  static Stream<Arguments> rows() {
    return Stream.of(
        row("column at the end", PLAIN, PLAIN.replace(KEY, ", `n` int" + KEY), REPLICATES, LOSES),
        row("last dropped", PLAIN, "`id` int NOT NULL, `a` int" + KEY, REPLICATES, REPLICATES),
        row(
            "primary key widened",
            PLAIN,
            PLAIN.replace("(`id`)", "(`id`, `s`)"),
            REPLICATES,
            STOPS),
        row("column first", PLAIN, "`n` varchar(5), " + PLAIN, STOPS, STOPS),
        row(
            "column in the middle, types align",
            "`id` int NOT NULL, `a` int" + KEY,
            "`id` int NOT NULL, `n` int, `a` int" + KEY,
            CORRUPTS,
            CORRUPTS),
        row("INT to BIGINT", PLAIN, PLAIN.replace("`a` int", "`a` bigint"), STOPS, STOPS),
        row("VARCHAR wider", PLAIN, PLAIN.replace("(20)", "(40)"), STOPS, STOPS),
        row("VARCHAR far wider", PLAIN, PLAIN.replace("(20)", "(400)"), STOPS, STOPS),
        row("INT to VARCHAR", PLAIN, PLAIN.replace("`a` int", "`a` varchar(9)"), STOPS, STOPS),
        row("middle dropped", PLAIN, PLAIN.replace("`a` int, ", ""), STOPS, STOPS),
        row("reordered", PLAIN, "`id` int NOT NULL, `s` varchar(20), `a` int" + KEY, STOPS, STOPS),
        row(
            "latin1 to utf8mb4",
            PLAIN.replace("(20)", "(20) CHARACTER SET latin1 COLLATE latin1_bin"),
            PLAIN,
            STOPS,
            STOPS),
        row(
            "latin1 to utf8mb4, sizes fit",
            PLAIN.replace("(20)", "(80) CHARACTER SET latin1 COLLATE latin1_bin"),
            PLAIN,
            CORRUPTS,
            CORRUPTS),
        row("unique key", PLAIN, PLAIN + ", UNIQUE KEY `u` (`a`)", STOPS, REPLICATES),
        row(
            "generated at the end",
            PLAIN,
            PLAIN.replace(KEY, ", `n` int GENERATED ALWAYS AS (`a` + 1) STORED" + KEY),
            REPLICATES,
            REPLICATES),
        row("index", PLAIN, PLAIN + ", KEY `k` (`a`)", REPLICATES, REPLICATES));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void everyDifferenceIsJudgedInBothDirections(
      String name, String before, String after, Effect forward, Effect backward) {
    var judgement = judge(before, after, "", Conversions.NONE);

    assertThat(judgement.forward()).describedAs(name).isEqualTo(forward);
    assertThat(judgement.backward()).describedAs(name).isEqualTo(backward);
  }

  @Test
  void aRenamedColumnIsTheSameColumn() {
    var renamed = PLAIN.replace("`a`", "`b`");
    var judgement = judge(PLAIN, renamed, "ALTER TABLE t RENAME COLUMN a TO b", Conversions.NONE);

    assertThat(judgement.mode()).contains(Mode.UNLOGGED);
    assertThat(judge(PLAIN, renamed, "", Conversions.NONE).forward()).isEqualTo(CORRUPTS);
  }

  @Test
  void columnsThatSwapTheirNamesAreTheSameColumns() {
    var before = "`id` int NOT NULL, `a` int, `b` int" + KEY;
    var after = "`id` int NOT NULL, `b` int, `a` int" + KEY;
    var alter = "ALTER TABLE t RENAME COLUMN a TO b, RENAME COLUMN b TO a";

    assertThat(judge(before, after, alter, Conversions.NONE).forward()).isEqualTo(REPLICATES);
  }

  @Test
  void anApplierThatMayConvertTakesWiderTypesAndCutsOthers() {
    var wider = PLAIN.replace("`a` int", "`a` bigint");

    var careful = judge(PLAIN, wider, "", WIDER);
    assertThat(careful.forward()).isEqualTo(REPLICATES);
    assertThat(careful.backward()).isEqualTo(STOPS);
    assertThat(judge(PLAIN, wider, "", LOSSY).backward()).isEqualTo(CORRUPTS);
  }

  @Test
  void aRenamedTableStopsBothWays() {
    var judgement =
        Judge.of(
            statements("RENAME TABLE t TO u"),
            facts(Map.of("t", table("t", PLAIN)), Map.of("u", table("u", PLAIN))),
            Conversions.NONE,
            Conversions.NONE);

    assertThat(judgement.forward()).isEqualTo(STOPS);
    assertThat(judgement.backward()).isEqualTo(STOPS);
  }

  @Test
  void aNewTableIsLoggedAndADroppedOneRefused() {
    var created =
        Judge.of(
            statements("CREATE TABLE u (id INT PRIMARY KEY)"),
            facts(Map.of(), Map.of("u", table("u", "`id` int NOT NULL" + KEY))),
            Conversions.NONE,
            Conversions.NONE);
    var dropped =
        Judge.of(
            statements("DROP TABLE t"),
            facts(Map.of("t", table("t", PLAIN)), Map.of()),
            Conversions.NONE,
            Conversions.NONE);

    assertThat(created.mode()).contains(Mode.LOGGED);
    assertThat(dropped.mode()).isEmpty();
  }

  @Test
  void whatIsRefusedNamesTheOnlineWay() {
    var judgement = judge(PLAIN, PLAIN.replace("(20)", "(40)"), "", Conversions.NONE);

    assertThat(judgement.mode()).isEmpty();
    assertThat(judgement.refusals())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.code()).isEqualTo("HAL-731");
              assertThat(finding.message()).contains("column s becomes varchar(40)", "1677");
              assertThat(finding.remedy()).contains("halcyon expand", "halcyon alter");
            });
  }

  @Test
  void aLoggedChangeSaysWhy() {
    var judgement = judge(PLAIN, PLAIN.replace(KEY, ", `n` int" + KEY), "", Conversions.NONE);

    assertThat(judgement.mode()).contains(Mode.LOGGED);
    assertThat(judgement.reasons()).singleElement().asString().contains("column n", "do not reach");
  }

  @Test
  void whatTwoServersDoNotMakeAlikeIsRefused() {
    var own = PLAIN.replace(KEY, ", `n` datetime DEFAULT current_timestamp()" + KEY);

    assertThat(judge(PLAIN, own, "", Conversions.NONE).forward()).isEqualTo(CORRUPTS);
    assertThat(judge(PLAIN, PLAIN, "UPDATE t SET a = 1", Conversions.NONE).forward())
        .isEqualTo(CORRUPTS);
  }

  @Test
  void aKeyThatActsOnChildrenByItselfIsRefused() {
    var key = ", CONSTRAINT `f` FOREIGN KEY (`a`) REFERENCES `p` (`id`)";
    var restricting = judge(PLAIN, PLAIN + key, "", Conversions.NONE);
    var gone = judge(PLAIN + key + " ON DELETE CASCADE", PLAIN, "", Conversions.NONE);

    assertThat(restricting.forward()).isEqualTo(STOPS);
    assertThat(restricting.backward()).isEqualTo(REPLICATES);
    assertThat(gone.forward()).isEqualTo(CORRUPTS);
  }

  private static Judgement judge(String before, String after, String sql, Conversions conversions) {
    return Judge.of(
        sql.isEmpty() ? List.of() : statements(sql),
        facts(Map.of("t", table("t", before)), Map.of("t", table("t", after))),
        conversions,
        conversions);
  }

  private static List<dev.halcyon.sql.Statement> statements(String sql) {
    return Ddl.parse(Engine.MARIADB, "shop", new SourceFile("V1__x.sql", sql)).statements();
  }

  private static ServerFacts facts(
      Map<String, TableSchema> before, Map<String, TableSchema> after) {
    return new ServerFacts(
        Engine.MARIADB,
        new ServerVersion(11, 4, 5),
        "shop",
        before,
        after,
        Map.of(),
        List.of(),
        List.of());
  }

  private static TableSchema table(String name, String body) {
    var text = "CREATE TABLE `" + name + "` (\n  " + body + "\n) ENGINE=InnoDB";
    var read =
        TableText.read(text, "shop", Engine.MARIADB, new TextDefaults("utf8mb4_bin", Map.of()));
    return new TableSchema(
        name,
        "InnoDB",
        read.columns(),
        read.indexes(),
        read.foreignKeys(),
        read.checks(),
        List.of(),
        read.partitioned(),
        text,
        0,
        0);
  }

  private static Arguments row(
      String name, String before, String after, Effect forward, Effect backward) {
    return arguments(name, before, after, forward, backward);
  }
}
