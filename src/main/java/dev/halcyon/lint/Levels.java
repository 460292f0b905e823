package dev.halcyon.lint;

import dev.halcyon.model.Finding;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The levels that a project gives to rules, in the place of their own grading.
 *
 * @param byRule {@code off}, {@code information}, {@code warning} or {@code error} by the rule's id
 */
public record Levels(Map<String, String> byRule) {
  public static final Levels NONE = new Levels(Map.of());
  private static final String OFF = "off";

  /**
   * @throws IllegalArgumentException in words for people, when there is no such rule or level
   */
  public Levels {
    byRule = Map.copyOf(byRule);
    byRule.forEach(
        (rule, level) -> {
          if (!Rules.exists(rule)) {
            throw new IllegalArgumentException("there is no rule " + rule);
          }
          if (!level.equals(OFF) && level(level).isEmpty()) {
            throw new IllegalArgumentException(
                rule + " is \"" + level + "\", not off, information, warning or error");
          }
        });
  }

  /** Empty when the finding is not wanted. */
  Optional<Finding> grade(Finding finding) {
    String level = byRule.get(finding.code());
    if (level == null) {
      return Optional.of(finding);
    }
    return level(level)
        .map(
            l ->
                new Finding(
                    finding.code(), l, finding.place(), finding.message(), finding.remedy()));
  }

  boolean off(String rule) {
    return OFF.equals(byRule.get(rule));
  }

  private static Optional<Finding.Level> level(String word) {
    for (Finding.Level level : Finding.Level.values()) {
      if (level.name().toLowerCase(Locale.ROOT).equals(word)) {
        return Optional.of(level);
      }
    }
    return Optional.empty();
  }
}
