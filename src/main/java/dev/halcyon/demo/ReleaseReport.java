package dev.halcyon.demo;

import dev.halcyon.model.ExitStatus;
import dev.halcyon.progress.Figures;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/**
 * How the demonstration of a release went.
 *
 * @param acts in their order
 * @param exposures of the acts that release what is not good enough
 * @param balancer what stood before both versions
 * @param users and {@code addresses}: rows at the end
 * @param complaints what did not go as it should
 */
public record ReleaseReport(
    List<Act> acts,
    List<Exposure> exposures,
    String balancer,
    long users,
    long addresses,
    List<String> complaints) {
  /**
   * How much of the traffic a version gets that is not good enough, and for how long.
   *
   * @param act in which it is released
   * @param share percent of the traffic, 0 if its smoke tests stop it
   * @param samples as many of its answers are needed to judge
   * @param interval from one look to the next
   * @param visitors who may wait for an answer at that moment
   */
  public record Exposure(String act, int share, int samples, Duration interval, int visitors) {
    /** How many of its answers users can have got at most, at so many requests a second. */
    long most(double perSecond) {
      double meanwhile = share / 100.0 * perSecond * interval.toMillis() / 1000;
      return share == 0 ? 0 : samples + visitors + (long) Math.ceil(meanwhile);
    }
  }

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
      String live) {
    double perSecond() {
      return requests * 1e9 / Math.max(1, took.toNanos());
    }
  }

  /** How many requests could fail in the act, at most; empty if none must. */
  public OptionalLong most(Act act) {
    return exposures.stream()
        .filter(exposure -> exposure.act().equals(act.name()))
        .mapToLong(exposure -> exposure.most(act.perSecond()))
        .findFirst();
  }

  public ReleaseReport {
    acts = List.copyOf(acts);
    exposures = List.copyOf(exposures);
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
    text.append('\n')
        .append(row("failed", "share", "requests/s", "interval", "samples", "at most", "failed"));
    for (var exposure : exposures) {
      acts.stream()
          .filter(act -> act.name().equals(exposure.act()))
          .forEach(act -> text.append(row(exposure, act)));
    }
    text.append(
        "%nBehind %s. At the end: %s, %s, in the new shape alone.%n"
            .formatted(
                balancer, Figures.count(users, "user"), Figures.count(addresses) + " addresses"));
    complaints.forEach(word -> text.append("  ").append(word).append('\n'));
    return text.toString();
  }

  private static String row(Exposure exposure, Act act) {
    return row(
        act.name(),
        exposure.share() + " %",
        Figures.count(Math.round(act.perSecond())),
        Figures.duration(exposure.interval()),
        Figures.count(exposure.samples()),
        Figures.count(exposure.most(act.perSecond())),
        Figures.count(act.failed()));
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
    acts.forEach(
        act -> {
          var told = fields(act);
          most(act).ifPresent(most -> told.put("failedAtMost", most));
          all.put(act.name(), told);
        });
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
