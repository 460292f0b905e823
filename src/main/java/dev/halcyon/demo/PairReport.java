package dev.halcyon.demo;

import dev.halcyon.model.ExitStatus;
import dev.halcyon.pair.SwitchReport;
import dev.halcyon.progress.Event;
import dev.halcyon.progress.Figures;
import dev.halcyon.proxy.Traffic.Fate;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How the demonstration of a pair went.
 *
 * @param acts in their order
 * @param switchovers in their order
 * @param lost orders that were acknowledged and are not there
 * @param duplicated orders that are there more than once
 * @param orders at the end
 * @param equal whether both servers have the same in the end; each difference is a mismatch
 * @param words the first few things that went wrong
 */
public record PairReport(
    List<Event.ActFinished> acts,
    List<SwitchReport> switchovers,
    long lost,
    long duplicated,
    long orders,
    boolean equal,
    List<String> words) {
  public PairReport {
    acts = List.copyOf(acts);
    switchovers = List.copyOf(switchovers);
    words = List.copyOf(words);
  }

  /** Sessions at the switchovers, each once for each. */
  public long sessions() {
    return switchovers.stream().mapToLong(one -> one.moves().sessions().size()).sum();
  }

  /** Those of them that went on at the other server. */
  public long sessionsKept() {
    return switchovers.stream()
        .flatMap(one -> one.moves().sessions().stream())
        .filter(one -> one.fate() == Fate.MOVED)
        .count();
  }

  /** Done only if nothing failed, nothing was lost or is there twice, and nothing differed. */
  public ExitStatus status() {
    var table = new ActTable(acts);
    boolean clean = table.failed() == 0 && table.mismatches() == 0;
    return clean && lost == 0 && duplicated == 0 && sessionsKept() == sessions()
        ? ExitStatus.DONE
        : ExitStatus.FINDINGS;
  }

  /** For programs: the totals, and those of each act under {@code phases}. */
  public Map<String, Object> fields() {
    var table = new ActTable(acts);
    var pause = new LinkedHashMap<String, Object>();
    pause.put("p50", millis(median()));
    pause.put("max", millis(longest()));
    var fields = new LinkedHashMap<String, Object>();
    fields.put("statements", table.statements());
    fields.put("failed", table.failed());
    fields.put("lost", lost);
    fields.put("duplicated", duplicated);
    fields.put("pauseMs", pause);
    fields.put("sessionsKept", sessionsKept());
    fields.put("sessions", sessions());
    fields.put("mismatches", table.mismatches());
    fields.put("deadlocksRetried", table.deadlocksRetried());
    fields.put("longestStallMs", table.longestStall().toMillis());
    fields.put("phases", table.phases());
    if (!words.isEmpty()) {
      fields.put("first", words);
    }
    return fields;
  }

  /** For people: a line for each act, and the totals. */
  public String text() {
    var table = new ActTable(acts);
    var text = new StringBuilder(table.text());
    text.append(
        "%n%s: %s failed, %s lost, %s duplicated, %s mismatches.%n"
            .formatted(
                Figures.count(table.statements(), "statement"),
                Figures.count(table.failed()),
                Figures.count(lost),
                Figures.count(duplicated),
                Figures.count(table.mismatches())));
    text.append(
        "%s: all clients held for %s, %s at most; %s of %s kept.%n"
            .formatted(
                Figures.count(switchovers.size(), "switchover"),
                Figures.duration(median()),
                Figures.duration(longest()),
                Figures.count(sessionsKept()),
                Figures.count(sessions(), "session")));
    text.append(
        "%s; both servers %shave the same.%n"
            .formatted(Figures.count(orders, "order"), equal ? "" : "do NOT "));
    words.forEach(word -> text.append("  ").append(word).append('\n'));
    return text.toString();
  }

  private Duration median() {
    var pauses = switchovers.stream().map(SwitchReport::pause).sorted().toList();
    return pauses.isEmpty() ? Duration.ZERO : pauses.get((pauses.size() - 1) / 2);
  }

  private Duration longest() {
    return switchovers.stream()
        .map(SwitchReport::pause)
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  /** To a tenth. */
  private static double millis(Duration time) {
    return Math.round(time.toNanos() / 1e5) / 10.0;
  }
}
