package dev.halcyon.demo;

import dev.halcyon.model.ExitStatus;
import dev.halcyon.progress.Event;
import dev.halcyon.progress.Figures;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How the demonstration went.
 *
 * @param acts in their order
 * @param lost places where an acknowledged write is not there
 * @param users and {@code addresses}: rows at the end
 * @param plain whether the schema is what plain SQL would have made; each difference is a mismatch
 * @param words the first few things that went wrong
 */
public record DemoReport(
    List<Event.ActFinished> acts,
    long lost,
    long users,
    long addresses,
    boolean plain,
    List<String> words) {
  public DemoReport {
    acts = List.copyOf(acts);
    words = List.copyOf(words);
  }

  public long statements() {
    return table().statements();
  }

  public long failed() {
    return table().failed();
  }

  public long mismatches() {
    return table().mismatches();
  }

  public long deadlocksRetried() {
    return table().deadlocksRetried();
  }

  /** The longest that a client has waited for a statement. */
  public Duration longestStall() {
    return table().longestStall();
  }

  /** Done only if nothing failed, nothing was lost and nothing differed. */
  public ExitStatus status() {
    return failed() == 0 && lost == 0 && mismatches() == 0 ? ExitStatus.DONE : ExitStatus.FINDINGS;
  }

  /** For programs: the totals, and the same of each act under {@code phases}. */
  public Map<String, Object> fields() {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("statements", statements());
    fields.put("failed", failed());
    fields.put("lost", lost);
    fields.put("mismatches", mismatches());
    fields.put("deadlocksRetried", deadlocksRetried());
    fields.put("longestStallMs", longestStall().toMillis());
    fields.put("phases", table().phases());
    if (!words.isEmpty()) {
      fields.put("first", words);
    }
    return fields;
  }

  /** For people: a line for each act, and the totals. */
  public String text() {
    var text = new StringBuilder(table().text());
    text.append(
        "%n%s: %s failed, %s lost, %s mismatches; %s retried; longest stall %s.%n"
            .formatted(
                Figures.count(statements(), "statement"),
                Figures.count(failed()),
                Figures.count(lost),
                Figures.count(mismatches()),
                Figures.count(deadlocksRetried(), "deadlock"),
                Figures.duration(longestStall())));
    text.append(
        "%s with %s; the schema is %swhat plain SQL would have made.%n"
            .formatted(
                Figures.count(users, "user"),
                Figures.count(addresses) + (addresses == 1 ? " address" : " addresses"),
                plain ? "" : "NOT "));
    words.forEach(word -> text.append("  ").append(word).append('\n'));
    return text.toString();
  }

  private ActTable table() {
    return new ActTable(acts);
  }
}
