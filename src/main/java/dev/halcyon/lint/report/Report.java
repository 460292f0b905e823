package dev.halcyon.lint.report;

import dev.halcyon.model.Finding;
import dev.halcyon.model.Place;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Findings and the lines that they are about.
 *
 * @param lines at the places of findings, without their ends
 * @param files those that were looked at
 */
public record Report(List<Finding> findings, Map<Place, String> lines, List<String> files) {
  public Report {
    findings = List.copyOf(findings);
    lines = Map.copyOf(lines);
    files = List.copyOf(files);
  }

  /**
   * With lines from whole texts.
   *
   * @param texts by the path that findings name, with {@code \n} at line ends
   */
  public static Report of(List<Finding> findings, Map<String, String> texts, List<String> files) {
    var lines = new HashMap<Place, String>();
    for (Finding finding : findings) {
      Place place = finding.place();
      String text = place == null ? null : texts.get(place.file());
      if (place != null && text != null) {
        text.lines().skip(place.line() - 1L).findFirst().ifPresent(line -> lines.put(place, line));
      }
    }
    return new Report(findings, lines, files);
  }

  public boolean blocks() {
    return findings.stream().anyMatch(Finding::blocks);
  }

  /** The line that a finding is about, without its end. */
  Optional<String> line(Place place) {
    return Optional.ofNullable(lines.get(place)).map(String::stripTrailing);
  }

  /** {@code 2 errors, 1 warning in 40 files}. */
  public String summary() {
    var counts = new LinkedHashMap<String, Long>();
    for (Finding.Level level : Finding.Level.values()) {
      long count = findings.stream().filter(f -> f.level() == level).count();
      if (count > 0) {
        String word = word(level);
        boolean plural = count > 1 && level != Finding.Level.INFORMATION;
        counts.put(word + (plural ? "s" : ""), count);
      }
    }
    String what =
        counts.isEmpty()
            ? "no findings"
            : String.join(
                ", ",
                counts.entrySet().stream().map(e -> e.getValue() + " " + e.getKey()).toList());
    return what + " in " + files.size() + (files.size() == 1 ? " file" : " files");
  }

  static String word(Finding.Level level) {
    return level.name().toLowerCase(Locale.ROOT);
  }

  /** Message and remedy as one text. */
  static String words(Finding finding) {
    return finding.remedy().isEmpty()
        ? finding.message()
        : finding.message() + "\n" + finding.remedy();
  }
}
