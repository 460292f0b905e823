package dev.halcyon.cli;

import dev.halcyon.model.Finding;
import dev.halcyon.model.Place;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Findings one below the other, each with its place and its remedy. */
final class FindingText {
  private FindingText() {}

  static String of(List<Finding> findings) {
    var text = new StringBuilder();
    for (Finding finding : findings) {
      Place place = finding.place();
      text.append(place == null ? "" : place + ": ");
      text.append(level(finding)).append(' ').append(finding.code()).append(": ");
      text.append(finding.message()).append('\n');
      if (!finding.remedy().isEmpty()) {
        text.append("    ").append(finding.remedy().replace("\n", "\n    ")).append('\n');
      }
    }
    return text.toString();
  }

  static List<Map<String, Object>> fields(List<Finding> findings) {
    return findings.stream().map(FindingText::fields).toList();
  }

  private static Map<String, Object> fields(Finding finding) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("code", finding.code());
    fields.put("level", level(finding));
    Place place = finding.place();
    if (place != null) {
      fields.put("file", place.file());
      fields.put("line", place.line());
      fields.put("column", place.column());
    }
    fields.put("message", finding.message());
    fields.put("remedy", finding.remedy());
    return fields;
  }

  private static String level(Finding finding) {
    return finding.level().name().toLowerCase(Locale.ROOT);
  }
}
