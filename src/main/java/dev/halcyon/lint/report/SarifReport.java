package dev.halcyon.lint.report;

import dev.halcyon.lint.Rules;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Place;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** SARIF 2.1.0 (OASIS), as code scanning of several hosts reads it. */
public final class SarifReport {
  private static final String SCHEMA =
      "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

  private SarifReport() {}

  /**
   * @param version of the program
   */
  public static String of(Report report, String version) {
    List<String> codes = report.findings().stream().map(Finding::code).distinct().sorted().toList();
    var fingerprint = new Fingerprint(report);
    var results = new ArrayList<Object>();
    for (Finding finding : report.findings()) {
      results.add(result(finding, codes.indexOf(finding.code()), fingerprint.of(finding)));
    }
    var driver = new LinkedHashMap<String, Object>();
    driver.put("name", "halcyon lint");
    driver.put("version", version);
    driver.put("rules", codes.stream().map(SarifReport::rule).toList());
    var run = new LinkedHashMap<String, Object>();
    run.put("tool", Map.of("driver", driver));
    run.put("columnKind", "unicodeCodePoints");
    run.put("results", results);
    var log = new LinkedHashMap<String, Object>();
    log.put("$schema", SCHEMA);
    log.put("version", "2.1.0");
    log.put("runs", List.of(run));
    return new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsString(log) + "\n";
  }

  private static Object rule(String code) {
    var rule = new LinkedHashMap<String, Object>();
    rule.put("id", code);
    rule.put("shortDescription", Map.of("text", title(code)));
    return rule;
  }

  private static String title(String code) {
    return Rules.title(code)
        .or(
            () ->
                Arrays.stream(ErrorCode.values())
                    .filter(e -> e.code().equals(code))
                    .map(ErrorCode::meaning)
                    .findFirst())
        .orElse(code);
  }

  private static Object result(Finding finding, int rule, String fingerprint) {
    var result = new LinkedHashMap<String, Object>();
    result.put("ruleId", finding.code());
    result.put("ruleIndex", rule);
    result.put("level", level(finding));
    result.put("message", Map.of("text", Report.words(finding)));
    Place place = finding.place();
    if (place != null) {
      result.put("locations", List.of(Map.of("physicalLocation", location(place))));
    }
    result.put("partialFingerprints", Map.of("halcyonFinding/v1", fingerprint));
    return result;
  }

  private static Object location(Place place) {
    var region = new LinkedHashMap<String, Object>();
    region.put("startLine", place.line());
    region.put("startColumn", place.column());
    var location = new LinkedHashMap<String, Object>();
    location.put("artifactLocation", Map.of("uri", uri(place.file())));
    location.put("region", region);
    return location;
  }

  /** A relative reference, in which some characters must not stand. */
  private static String uri(String path) {
    var uri = new StringBuilder();
    for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "-._~/".indexOf(c) >= 0;
      uri.append(plain ? String.valueOf(c) : "%%%02X".formatted((int) c));
    }
    return uri.toString();
  }

  private static String level(Finding finding) {
    return switch (finding.level()) {
      case ERROR -> "error";
      case WARNING -> "warning";
      case INFORMATION -> "note";
    };
  }
}
