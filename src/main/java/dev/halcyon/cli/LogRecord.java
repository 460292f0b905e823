package dev.halcyon.cli;

import dev.halcyon.deploy.Unreadable;
import dev.halcyon.lint.Query;
import dev.halcyon.lint.QueryText;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.sql.SourceFile;
import dev.halcyon.sql.Tokens;
import dev.halcyon.usage.Look;
import dev.halcyon.usage.Period;
import dev.halcyon.usage.Seen;
import dev.halcyon.usage.Source;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A server's general or slow log. A general log has missed nothing between its first and its last
 * line, unless it was begun anew in between; a slow log proves use only. MariaDB writes local time,
 * which is taken for that of this machine.
 */
final class LogRecord implements Source {
  private static final String NAME = "log";

  private static final Pattern TIME =
      Pattern.compile(
          "^(?:# Time: +)?(?:(\\d{4}-\\d\\d-\\d\\dT[0-9:.]+(?:Z|[+-]\\d\\d:\\d\\d))"
              + "|(\\d{6} +\\d{1,2}:\\d\\d:\\d\\d))(?:\\s.*)?$");
  private static final Pattern START = Pattern.compile("^.*, Version: .* started with:$");
  private static final Pattern USER =
      Pattern.compile("^# User@Host: ([^\\[]*)\\[.*?\\] @ (\\S*) ?\\[(\\S*)\\].*$");
  private static final DateTimeFormatter MARIADB = DateTimeFormatter.ofPattern("yyMMdd H:mm:ss");

  private final Path file;

  /** The schema that a statement counts for, since a line does not tell it. */
  private final String schema;

  LogRecord(Path file, String schema) {
    this.file = file;
    this.schema = schema;
  }

  /**
   * @throws dev.halcyon.model.Refusal HAL-201 if it cannot be read
   */
  @Override
  public Look look(Instant now) {
    try {
      var text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      var source = new SourceFile(file.toString(), text);
      return look(source, Files.getLastModifiedTime(file).toInstant());
    } catch (IOException failure) {
      throw ErrorCode.FILE_UNREADABLE.refuse(
          file + " cannot be read: " + Unreadable.reason(failure), "Give a general or a slow log.");
    }
  }

  private Look look(SourceFile source, Instant modified) {
    List<String> lines = source.text().lines().toList();
    var times = new TreeMap<Integer, Instant>();
    var starts = new ArrayList<Integer>();
    var users = new TreeMap<Integer, String[]>();
    for (int i = 0; i < lines.size(); i++) {
      Matcher time = TIME.matcher(lines.get(i));
      if (time.matches()) {
        times.put(i + 1, instant(time));
      } else if (START.matcher(lines.get(i)).matches()) {
        starts.add(i + 1);
      }
      Matcher user = USER.matcher(lines.get(i));
      if (user.matches()) {
        String host = user.group(2).isEmpty() ? user.group(3) : user.group(2);
        users.put(i + 1, new String[] {user.group(1), host});
      }
    }
    Map<String, Seen> seen = new LinkedHashMap<>();
    for (Query query : QueryText.logged(source)) {
      var before = times.floorEntry(query.place().line());
      var at = before == null ? modified : before.getValue();
      var by = users.floorEntry(query.place().line());
      var who = by == null ? new String[] {"", ""} : by.getValue();
      String shape = digest(query.text());
      seen.merge(shape + "\n" + who[0], seen(shape, who, at), LogRecord::both);
    }
    return new Look(
        NAME,
        file.toAbsolutePath().toString(),
        users.isEmpty() ? periods(times, starts) : List.of(),
        List.of(),
        0,
        List.copyOf(seen.values()));
  }

  /** The query with question marks for its literals. */
  private static String digest(String query) {
    return Tokens.of(query).stream()
        .map(
            token ->
                switch (token.kind()) {
                  case STRING, NUMBER -> "?";
                  case WORD, NAME, VARIABLE, SYMBOL, END, MARK -> token.text();
                })
        .collect(Collectors.joining(" "));
  }

  private Seen seen(String shape, String[] who, Instant at) {
    return new Seen(shape, true, schema, who[0], who[1], 1, at, at);
  }

  private static Seen both(Seen one, Seen other) {
    return new Seen(
        one.text(),
        one.whole(),
        one.inForce(),
        one.user(),
        one.hosts().equals(other.hosts()) ? one.hosts() : one.hosts() + "," + other.hosts(),
        one.count() + other.count(),
        one.first().isBefore(other.first()) ? one.first() : other.first(),
        one.last().isAfter(other.last()) ? one.last() : other.last());
  }

  /** From each start of the log, or from its first line, to its last before the next start. */
  private static List<Period> periods(SortedMap<Integer, Instant> times, List<Integer> starts) {
    var periods = new ArrayList<Period>();
    var bounds = new ArrayList<Integer>(List.of(0));
    bounds.addAll(starts);
    bounds.add(Integer.MAX_VALUE);
    for (int i = 0; i + 1 < bounds.size(); i++) {
      var within = times.subMap(bounds.get(i), bounds.get(i + 1));
      if (!within.isEmpty()) {
        var from = within.firstEntry().getValue();
        var to = within.lastEntry().getValue();
        periods.add(new Period(from, to.isBefore(from) ? from : to));
      }
    }
    return periods;
  }

  private static Instant instant(Matcher time) {
    if (time.group(1) != null) {
      return OffsetDateTime.parse(time.group(1)).toInstant();
    }
    return LocalDateTime.parse(time.group(2).replaceAll(" +", " "), MARIADB)
        .atZone(ZoneId.systemDefault())
        .toInstant();
  }
}
