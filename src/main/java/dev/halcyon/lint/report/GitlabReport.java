package dev.halcyon.lint.report;

import dev.halcyon.model.Finding;
import dev.halcyon.model.Place;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** GitLab's Code Quality report: a list of issues, each with a fingerprint of its own. */
public final class GitlabReport {
  private GitlabReport() {}

  public static String of(Report report) {
    var fingerprint = new Fingerprint(report);
    var issues = new ArrayList<Object>();
    for (Finding finding : report.findings()) {
      Place place = finding.place();
      var issue = new LinkedHashMap<String, Object>();
      issue.put("description", finding.code() + ": " + Report.words(finding));
      issue.put("check_name", finding.code());
      issue.put("fingerprint", fingerprint.of(finding));
      issue.put("severity", severity(finding));
      var location = new LinkedHashMap<String, Object>();
      location.put("path", place == null ? "." : place.file());
      location.put("lines", Map.of("begin", place == null ? 1 : place.line()));
      issue.put("location", location);
      issues.add(issue);
    }
    return new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsString(issues) + "\n";
  }

  private static String severity(Finding finding) {
    return switch (finding.level()) {
      case ERROR -> "major";
      case WARNING -> "minor";
      case INFORMATION -> "info";
    };
  }
}
