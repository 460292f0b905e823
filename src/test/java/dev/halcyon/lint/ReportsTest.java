package dev.halcyon.lint;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.halcyon.lint.report.GithubReport;
import dev.halcyon.lint.report.GitlabReport;
import dev.halcyon.lint.report.JsonReport;
import dev.halcyon.lint.report.JunitReport;
import dev.halcyon.lint.report.Report;
import dev.halcyon.lint.report.SarifReport;
import dev.halcyon.lint.report.TextReport;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Place;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import tools.jackson.databind.json.JsonMapper;

/** Each form says the same, in the words that its readers expect. */
class ReportsTest {
  private static final Report REPORT =
      Report.of(
          List.of(
              Finding.error(
                  "H101", new Place("db/V2__é b.sql", 2, 3), "100 % <wrong>, \"so\"", "Do: a\nb"),
              Finding.warning("H205", new Place("db/V2__é b.sql", 3, 1), "twice", ""),
              Finding.warning("H205", new Place("db/V2__é b.sql", 4, 1), "twice", ""),
              Finding.information("HAL-210", null, "nowhere\u0001", "")),
          Map.of("db/V2__é b.sql", "ALTER TABLE t\n\tADD é INT;\nALTER;\nALTER;\n"),
          List.of("db/V1__a.sql", "db/V2__é b.sql"));
  private static final Report EMPTY = Report.of(List.of(), Map.of(), List.of());

  @Test
  void sarifFollowsThePublishedSchema() throws IOException {
    assertThat(faults(SarifReport.of(REPORT, "1.0"))).isEmpty();
    assertThat(faults(SarifReport.of(EMPTY, "1.0"))).isEmpty();
    assertThat(faults("{\"version\": \"2.1.0\", \"runs\": [{}]}")).isNotEmpty();
  }

  private static List<?> faults(String sarif) throws IOException {
    try (var published =
        Objects.requireNonNull(
            ReportsTest.class.getResourceAsStream("/schema/sarif-schema-2.1.0.json"))) {
      Schema schema =
          SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
              .getSchema(published, InputFormat.JSON);
      return schema.validate(sarif, InputFormat.JSON);
    }
  }

  @Test
  void sarifHasPlacesRulesAndMarks() {
    var run = new JsonMapper().readTree(SarifReport.of(REPORT, "1.0")).at("/runs/0");

    assertThat(run.at("/tool/driver/rules/0/id").asString()).isEqualTo("H101");
    assertThat(run.at("/results/0/level").asString()).isEqualTo("error");
    assertThat(run.at("/results/3/level").asString()).isEqualTo("note");
    var place = run.at("/results/0/locations/0/physicalLocation");
    assertThat(place.at("/artifactLocation/uri").asString()).isEqualTo("db/V2__%C3%A9%20b.sql");
    assertThat(place.at("/region/startColumn").asInt()).isEqualTo(3);
    assertThat(run.at("/results/1/partialFingerprints"))
        .isNotEqualTo(run.at("/results/2/partialFingerprints"));
  }

  @Test
  void aMarkStaysWhileLinesAboveComeAndGo() {
    var place = new Place("a.sql", 1, 1);
    var moved = new Place("a.sql", 2, 1);
    var before = report(Finding.error("H101", place, "m", ""), "ALTER;");
    var after = report(Finding.error("H101", moved, "m", ""), "\nALTER;");

    assertThat(mark(after)).isEqualTo(mark(before));
  }

  private static Report report(Finding finding, String text) {
    return Report.of(List.of(finding), Map.of("a.sql", text), List.of("a.sql"));
  }

  private static String mark(Report report) {
    return new JsonMapper().readTree(GitlabReport.of(report)).at("/0/fingerprint").asString();
  }

  @Test
  void githubTakesCommands() {
    assertThat(GithubReport.of(REPORT).lines())
        .contains(
            "::error file=db/V2__é b.sql,line=2,col=3,title=H101::"
                + "100 %25 <wrong>, \"so\"%0ADo: a%0Ab")
        .contains("::notice title=HAL-210::nowhere\u0001")
        .hasSize(4);
    assertThat(GithubReport.of(EMPTY)).isEmpty();
  }

  @Test
  void gitlabTakesAList() {
    var issues = new JsonMapper().readTree(GitlabReport.of(REPORT));

    assertThat(issues.size()).isEqualTo(4);
    assertThat(issues.at("/0/severity").asString()).isEqualTo("major");
    assertThat(issues.at("/0/location/path").asString()).isEqualTo("db/V2__é b.sql");
    assertThat(issues.at("/0/location/lines/begin").asInt()).isEqualTo(2);
    assertThat(issues.at("/1/fingerprint")).isNotEqualTo(issues.at("/2/fingerprint"));
    assertThat(GitlabReport.of(EMPTY).strip()).isEqualTo("[ ]");
  }

  @Test
  void junitCountsErrorsAsFailures() throws Exception {
    Document document = xml(JunitReport.of(REPORT));
    var suite = document.getElementsByTagName("testsuite").item(0).getAttributes();

    assertThat(suite.getNamedItem("tests").getNodeValue()).isEqualTo("5");
    assertThat(suite.getNamedItem("failures").getNodeValue()).isEqualTo("1");
    var failure = document.getElementsByTagName("failure");
    assertThat(failure.getLength()).isEqualTo(1);
    assertThat(failure.item(0).getTextContent())
        .isEqualTo("db/V2__é b.sql:2:3: error H101: 100 % <wrong>, \"so\"\nDo: a\nb");
    assertThat(xml(JunitReport.of(EMPTY)).getElementsByTagName("testcase").getLength()).isZero();
  }

  private static Document xml(String text) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void jsonHasTheLine() {
    var document = new JsonMapper().readTree(JsonReport.of(REPORT));

    assertThat(document.get("files").asInt()).isEqualTo(2);
    assertThat(document.at("/findings/0/text").asString()).isEqualTo("\tADD é INT;");
    assertThat(document.at("/findings/3/file").isMissingNode()).isTrue();
  }

  @Test
  void theCaretStandsBelowItsCharacter() {
    assertThat(TextReport.of(REPORT))
        .startsWith(
            """
            db/V2__é b.sql:2:3: error H101: 100 % <wrong>, "so"
              | \tADD é INT;
              | \t ^
                Do: a
                b
            """);
    assertThat(REPORT.summary()).isEqualTo("1 error, 2 warnings, 1 information in 2 files");
  }
}
