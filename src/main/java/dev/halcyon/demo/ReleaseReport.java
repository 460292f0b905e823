package dev.halcyon.demo;

import dev.halcyon.model.ExitStatus;
import dev.halcyon.progress.Figures;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How the demonstration of a release went.
 *
 * @param acts in their order
 * @param balancer what stood before both versions
 * @param users and {@code addresses}: rows at the end
 * @param complaints what did not go as it should
 */
public record ReleaseReport(
    List<Act> acts, String balancer, long users, long addresses, List<String> complaints) {
  /**
   * What users have seen during one act.
   *
   * @param exit of the command that was run, -1 for none
   * @param failed requests that were not answered well
   * @param wrong answers that showed what they should not
   */
  public record Act(
      String name,
      int exit,
      Duration took,
      long requests,
      long failed,
      long wrong,
      Duration longest,
      String live) {}

  public ReleaseReport {
    acts = List.copyOf(acts);
    complaints = List.copyOf(complaints);
  }

  public ExitStatus status() {
    return complaints.isEmpty() ? ExitStatus.DONE : ExitStatus.FINDINGS;
  }

  /** For people. */
  public String text() {
    var text = new StringBuilder();
    text.append(
        row("act", "took", "requests", "failed", "wrong", "slowest", "exit", "has the traffic"));
    for (var act : acts) {
      text.append(
          row(
              act.name(),
              Figures.duration(act.took()),
              Figures.count(act.requests()),
              Figures.count(act.failed()),
              Figures.count(act.wrong()),
              Figures.duration(act.longest()),
              act.exit() < 0 ? "" : "" + act.exit(),
              act.live()));
    }
    text.append(
        "%nBehind %s. At the end: %s, %s, in the new shape alone.%n"
            .formatted(
                balancer, Figures.count(users, "user"), Figures.count(addresses) + " addresses"));
    complaints.forEach(word -> text.append("  ").append(word).append('\n'));
    return text.toString();
  }

  private static String row(String act, String... figures) {
    var row = new StringBuilder(String.format(Locale.ROOT, "%-10s", act));
    for (int i = 0; i < figures.length; i++) {
      row.append(
          String.format(Locale.ROOT, i == figures.length - 1 ? "   %s" : "%11s", figures[i]));
    }
    return row.append('\n').toString();
  }

  /** For programs. */
  public Map<String, Object> fields() {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("balancer", balancer);
    var all = new LinkedHashMap<String, Object>();
    acts.forEach(act -> all.put(act.name(), fields(act)));
    fields.put("acts", all);
    fields.put("users", users);
    fields.put("addresses", addresses);
    fields.put("complaints", complaints);
    return fields;
  }

  private static Map<String, Object> fields(Act act) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("exit", act.exit());
    fields.put("ms", act.took().toMillis());
    fields.put("requests", act.requests());
    fields.put("failed", act.failed());
    fields.put("wrong", act.wrong());
    fields.put("longestMs", act.longest().toMillis());
    fields.put("live", act.live());
    return fields;
  }
}
