package dev.halcyon.lint;

import dev.halcyon.model.Place;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the queries in a general or slow log, line by line, and keeps no more than the query that
 * is being read: a log may be of any length. For one thread.
 */
public final class LogReader {
  /** By so many lines at the beginning a log is known. */
  public static final int HEAD = 100;

  private static final Pattern GENERAL =
      Pattern.compile(
          "^(?:\\d{4}-\\d\\d-\\d\\dT\\S+\\t|\\d{6} +\\d{1,2}:\\d\\d:\\d\\d\\t|\\t\\t)? *\\d+"
              + " (Query|Execute|Prepare|Connect|Quit|Init DB|Field List|Close stmt|Reset stmt"
              + "|Statistics|Ping|Change user|Binlog Dump|Binlog Dump GTID|Register Slave"
              + "|Long Data|Fetch|Set option|Kill|Refresh|Shutdown|Reset Connection|Debug|Error)"
              + "(?:\\t(.*))?$");
  private static final Pattern SLOW = Pattern.compile("^# (Time|User@Host|Query_time): ?.*");
  private static final Pattern BESIDE =
      Pattern.compile("(?i)^(use \\S+;|SET timestamp=\\d+(\\.\\d+)?;)$");
  private static final Pattern START =
      Pattern.compile(
          "^(\\S*(mysqld|mariadbd)\\S*, Version: .*|Tcp port: .*|Time +Id +Command.*"
              + "|Time\\t+ *Id +Command\\t.*)$");

  private final String path;
  private final boolean slow;
  private final Consumer<Query> found;
  private final StringBuilder text = new StringBuilder();
  private @Nullable Place place;
  private int number;

  private LogReader(String path, boolean slow, Consumer<Query> found) {
    this.path = path;
    this.slow = slow;
    this.found = found;
  }

  /**
   * Empty if the text is no log.
   *
   * @param head the first {@link #HEAD} lines
   * @param found is told of each query when its last line is known
   */
  public static Optional<LogReader> of(String path, List<String> head, Consumer<Query> found) {
    boolean slow = head.stream().anyMatch(line -> SLOW.matcher(line).matches());
    boolean general = head.stream().anyMatch(line -> GENERAL.matcher(line).matches());
    return slow || general ? Optional.of(new LogReader(path, slow, found)) : Optional.empty();
  }

  /**
   * Takes the next line, from the first one on.
   *
   * @return whether a query begins in it
   */
  public boolean line(String line) {
    number++;
    return slow ? slow(line) : general(line);
  }

  /** There are no more lines. */
  public void end() {
    Place begun = place;
    String query = text.toString().stripTrailing();
    query = query.endsWith(";") ? query.substring(0, query.length() - 1) : query;
    text.setLength(0);
    place = null;
    if (begun != null && !query.isBlank()) {
      found.accept(new Query(begun, query));
    }
  }

  private boolean general(String line) {
    Matcher entry = GENERAL.matcher(line);
    if (entry.matches()) {
      end();
      boolean query = entry.group(1).equals("Query") || entry.group(1).equals("Execute");
      if (query && entry.group(2) != null) {
        begin(entry.start(2) + 1, entry.group(2));
        return true;
      }
    } else if (place != null && !START.matcher(line).matches()) {
      text.append('\n').append(line);
    }
    return false;
  }

  private boolean slow(String line) {
    boolean comment = line.startsWith("# ") || START.matcher(line).matches();
    if (comment || (place == null && BESIDE.matcher(line).matches())) {
      end();
      return false;
    }
    if (place == null) {
      begin(1, line);
      return true;
    }
    text.append('\n').append(line);
    return false;
  }

  private void begin(int column, String words) {
    place = new Place(path, number, column);
    text.append(words);
  }
}
