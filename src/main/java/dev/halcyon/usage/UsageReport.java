package dev.halcyon.usage;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the use of tables and columns.
 *
 * @param now by the server's clock
 * @param watchedSince since when no statement was missed; null if something is missed even now
 * @param missing what sources lack, as they told when they were asked just now
 * @param traffic empty where the server does not count, or may not be asked
 */
public record UsageReport(
    Instant now,
    Duration period,
    @Nullable Instant watchedSince,
    List<Look.Missing> missing,
    List<Element> elements,
    List<Traffic> traffic) {
  public UsageReport {
    traffic = List.copyOf(traffic);
    missing = List.copyOf(missing);
    elements = List.copyOf(elements);
  }

  /**
   * How many rows of a table the server has read and written since it started, or since its
   * counters were emptied: by applications, foreign keys, events, replication and Halcyon alike.
   */
  public record Traffic(String table, long reads, long writes) {}

  /** What is known of one of them. */
  public enum Verdict {
    /** A statement of the period uses it, or may use it. */
    IN_USE,
    /** Everything was watched throughout the period, and nothing used it. */
    UNUSED,
    /** Nothing that was seen used it, but not everything was watched. */
    UNKNOWN
  }

  /**
   * A table or a column.
   *
   * @param name {@code table} or {@code table.column}
   * @param users statements that use it, the latest first, those from before the period too
   */
  public record Element(String name, Verdict verdict, List<User> users) {
    public Element {
      users = List.copyOf(users);
    }
  }

  /**
   * A statement that uses an element.
   *
   * @param certain false if it could use anything, because it cannot be read
   */
  public record User(String source, Seen seen, boolean certain) {}

  /** Whether every element is known to be unused. */
  public boolean unused() {
    return elements.stream().allMatch(e -> e.verdict() == Verdict.UNUSED);
  }
}
