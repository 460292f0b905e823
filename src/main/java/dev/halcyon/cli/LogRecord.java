package dev.halcyon.cli;

import dev.halcyon.lint.LogReader;
import dev.halcyon.lint.Query;
import dev.halcyon.sql.Tokens;
import dev.halcyon.usage.Look;
import dev.halcyon.usage.Period;
import dev.halcyon.usage.Seen;
import dev.halcyon.usage.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A server's general or slow log. A general log has missed nothing between its first and its last
 * line, unless it was begun anew in between; a slow log proves use only. MariaDB writes local time,
 * which is taken for that of this machine. It is read line by line: what is kept grows with the
 * number of different statements, not with the log.
 */
final class LogRecord implements Source {
  private static final String NAME = "log";

  /** More users and hosts of one statement are not told apart. */
  private static final int HOSTS = 10;

  private static final Pattern TIME =
      Pattern.compile(
          "^(?:# Time: +)?(?:(\\d{4}-\\d\\d-\\d\\dT[0-9:.]+(?:Z|[+-]\\d\\d:\\d\\d))"
              + "|(\\d{6} +\\d{1,2}:\\d\\d:\\d\\d))(?:\\s.*)?$");
  private static final Pattern START = Pattern.compile("^.*, Version: .* started with:$");
  private static final Pattern USER =
      Pattern.compile("^# User@Host: ([^\\[]*)\\[.*?\\] @ (\\S*) ?\\[(\\S*)\\].*$");
  private static final DateTimeFormatter MARIADB = DateTimeFormatter.ofPattern("yyMMdd H:mm:ss");

  private final TextLines log;

  /** The schema that a statement counts for, since a line does not tell it. */
  private final String schema;

  /**
   * @param name of the file, for people
   */
  LogRecord(Path file, String name, String schema) {
    this.log = new TextLines(file, name, "Give a general or a slow log.");
    this.schema = schema;
  }

  /**
   * @throws dev.halcyon.model.Refusal HAL-201 if it cannot be read
   */
  @Override
  public Look look(Instant now) {
    return log.read(
        lines -> {
          var reading = new Reading(modified());
          List<String> head;
          try (var first = lines.get()) {
            head = first.limit(LogReader.HEAD).toList();
          }
          var reader = LogReader.of(log.name(), head, reading::found);
          try (var all = lines.get()) {
            reader.ifPresent(found -> reading.read(found, all.iterator()));
          }
          return reading.look(log.file().toAbsolutePath().toString());
        });
  }

  private Instant modified() {
    try {
      return Files.getLastModifiedTime(log.file()).toInstant();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** A statement's text, and who has sent it. */
  private record Sent(String shape, String user) {}

  /** What is known of a {@link Sent} so far. */
  private static final class Known {
    private final Set<String> hosts = new TreeSet<>();
    private long count;
    private Instant first = Instant.MAX;
    private Instant last = Instant.MIN;

    void add(String host, Instant at) {
      if (!host.isEmpty() && hosts.size() < HOSTS) {
        hosts.add(host);
      }
      count++;
      first = at.isBefore(first) ? at : first;
      last = at.isAfter(last) ? at : last;
    }
  }

  /** One reading of the log from its first line to its last. */
  private final class Reading {
    private final Map<Sent, Known> seen = new LinkedHashMap<>();
    private final List<Period> periods = new ArrayList<>();
    private boolean slow;
    private String user = "";
    private String host = "";
    private Instant time;

    /** The first and the last time since the log was begun, null before any. */
    private @Nullable Instant from;

    private @Nullable Instant to;

    /** As it was where the query that is being read begins. */
    private String itsUser = "";

    private String itsHost = "";
    private Instant itsTime;

    /**
     * @param modified stands for times that the log does not tell
     */
    Reading(Instant modified) {
      this.time = modified;
      this.itsTime = modified;
    }

    void read(LogReader reader, Iterator<String> lines) {
      while (lines.hasNext()) {
        String line = lines.next();
        around(line);
        if (reader.line(line)) {
          itsUser = user;
          itsHost = host;
          itsTime = time;
        }
      }
      reader.end();
      begunAnew();
    }

    private void around(String line) {
      Matcher told = TIME.matcher(line);
      if (told.matches()) {
        time = instant(told);
        from = from == null ? time : from;
        to = time;
      } else if (START.matcher(line).matches()) {
        begunAnew();
      }
      Matcher by = USER.matcher(line);
      if (by.matches()) {
        slow = true;
        user = by.group(1);
        host = by.group(2).isEmpty() ? by.group(3) : by.group(2);
      }
    }

    /** From each start of the log, or from its first line, to its last before the next start. */
    private void begunAnew() {
      Instant first = from;
      Instant last = to;
      if (first != null && last != null) {
        periods.add(new Period(first, last.isBefore(first) ? first : last));
      }
      from = null;
      to = null;
    }

    void found(Query query) {
      seen.computeIfAbsent(new Sent(digest(query.text()), itsUser), _ -> new Known())
          .add(itsHost, itsTime);
    }

    Look look(String instance) {
      var all = new ArrayList<Seen>();
      seen.forEach(
          (sent, known) ->
              all.add(
                  new Seen(
                      sent.shape(),
                      true,
                      schema,
                      sent.user(),
                      String.join(",", known.hosts),
                      known.count,
                      known.first,
                      known.last)));
      return new Look(NAME, instance, slow ? List.of() : periods, List.of(), 0, all);
    }
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

  private static Instant instant(Matcher time) {
    if (time.group(1) != null) {
      return OffsetDateTime.parse(time.group(1)).toInstant();
    }
    return LocalDateTime.parse(time.group(2).replaceAll(" +", " "), MARIADB)
        .atZone(ZoneId.systemDefault())
        .toInstant();
  }
}
