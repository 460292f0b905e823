package dev.halcyon.lint.report;

import dev.halcyon.model.Finding;
import dev.halcyon.model.Place;

/** Workflow commands of GitHub Actions, which it shows beside the changed lines. */
public final class GithubReport {
  private GithubReport() {}

  public static String of(Report report) {
    var text = new StringBuilder();
    for (Finding finding : report.findings()) {
      text.append("::").append(command(finding)).append(' ');
      Place place = finding.place();
      if (place != null) {
        text.append("file=").append(property(place.file()));
        text.append(",line=").append(place.line()).append(",col=").append(place.column());
        text.append(',');
      }
      text.append("title=").append(property(finding.code()));
      text.append("::").append(data(Report.words(finding))).append('\n');
    }
    return text.toString();
  }

  private static String command(Finding finding) {
    return switch (finding.level()) {
      case ERROR -> "error";
      case WARNING -> "warning";
      case INFORMATION -> "notice";
    };
  }

  private static String data(String text) {
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
  }

  private static String property(String text) {
    return data(text).replace(":", "%3A").replace(",", "%2C");
  }
}
