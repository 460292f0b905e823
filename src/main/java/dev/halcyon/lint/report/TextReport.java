package dev.halcyon.lint.report;

import dev.halcyon.model.Finding;
import dev.halcyon.model.Place;

/** Findings for people: place, words, the line with a caret below it, what to do. */
public final class TextReport {
  private TextReport() {}

  public static String of(Report report) {
    var text = new StringBuilder();
    for (Finding finding : report.findings()) {
      Place place = finding.place();
      text.append(place == null ? "" : place + ": ");
      text.append(Report.word(finding.level())).append(' ').append(finding.code()).append(": ");
      text.append(finding.message()).append('\n');
      if (place != null) {
        report.line(place).ifPresent(line -> quote(text, line, place.column()));
      }
      if (!finding.remedy().isEmpty()) {
        text.append("    ").append(finding.remedy().replace("\n", "\n    ")).append('\n');
      }
    }
    return text.toString();
  }

  private static void quote(StringBuilder text, String line, int column) {
    text.append("  | ").append(line).append('\n').append("  | ");
    line.codePoints().limit(column - 1L).forEach(c -> text.append(c == '\t' ? '\t' : ' '));
    text.append("^\n");
  }
}
