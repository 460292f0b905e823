package dev.halcyon.lint.report;

import dev.halcyon.model.Finding;
import dev.halcyon.model.Place;
import java.util.List;

/** JUnit's XML: a case for each finding and for each file without one; an error is a failure. */
public final class JunitReport {
  private JunitReport() {}

  public static String of(Report report) {
    List<String> clean =
        report.files().stream()
            .filter(file -> report.findings().stream().noneMatch(f -> isIn(f, file)))
            .toList();
    long failures = report.findings().stream().filter(Finding::blocks).count();
    int tests = report.findings().size() + clean.size();
    var xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.append("<testsuites>\n  <testsuite name=\"halcyon lint\" tests=\"").append(tests);
    xml.append("\" failures=\"").append(failures).append("\" errors=\"0\" skipped=\"0\">\n");
    clean.forEach(file -> xml.append(open(file, "no findings")).append("/>\n"));
    report.findings().forEach(finding -> xml.append(testCase(finding)));
    return xml.append("  </testsuite>\n</testsuites>\n").toString();
  }

  private static boolean isIn(Finding finding, String file) {
    Place place = finding.place();
    return place != null && place.file().equals(file);
  }

  private static String testCase(Finding finding) {
    Place place = finding.place();
    String name =
        finding.code() + (place == null ? "" : " at " + place.line() + ":" + place.column());
    String words =
        (place == null ? "" : place + ": ")
            + Report.word(finding.level())
            + " "
            + finding.code()
            + ": "
            + Report.words(finding);
    String open = open(place == null ? "halcyon" : place.file(), name) + ">\n";
    String inner =
        finding.blocks()
            ? "      <failure type=\""
                + finding.code()
                + "\" message=\""
                + escaped(finding.message())
                + "\">"
                + escaped(words)
                + "</failure>\n"
            : "      <system-out>" + escaped(words) + "</system-out>\n";
    return open + inner + "    </testcase>\n";
  }

  private static String open(String file, String name) {
    return "    <testcase classname=\"" + escaped(file) + "\" name=\"" + escaped(name) + "\"";
  }

  /** Characters that XML cannot hold become question marks. */
  private static String escaped(String text) {
    var xml = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '<' -> xml.append("&lt;");
                case '>' -> xml.append("&gt;");
                case '&' -> xml.append("&amp;");
                case '"' -> xml.append("&quot;");
                case '\n' -> xml.append("&#10;");
                case '\t' -> xml.append("&#9;");
                default -> {
                  boolean held =
                      c >= ' ' && c != 0xFFFE && c != 0xFFFF && !(c >= 0xD800 && c <= 0xDFFF);
                  xml.appendCodePoint(held ? c : '?');
                }
              }
            });
    return xml.toString();
  }
}
