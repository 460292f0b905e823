package dev.halcyon.lint.report;

import dev.halcyon.model.Finding;
import dev.halcyon.model.Place;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** One JSON document with the findings in order. */
public final class JsonReport {
  private JsonReport() {}

  public static String of(Report report) {
    return new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsString(fields(report))
        + "\n";
  }

  /** {@code files}, how many were looked at, and {@code findings}. */
  public static Map<String, Object> fields(Report report) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("files", report.files().size());
    fields.put("findings", report.findings().stream().map(f -> fields(report, f)).toList());
    return fields;
  }

  private static Map<String, Object> fields(Report report, Finding finding) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("code", finding.code());
    fields.put("level", Report.word(finding.level()));
    Place place = finding.place();
    if (place != null) {
      fields.put("file", place.file());
      fields.put("line", place.line());
      fields.put("column", place.column());
      report.line(place).ifPresent(line -> fields.put("text", line));
    }
    fields.put("message", finding.message());
    fields.put("remedy", finding.remedy());
    return fields;
  }
}
