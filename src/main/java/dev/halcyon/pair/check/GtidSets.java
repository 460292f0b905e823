package dev.halcyon.pair.check;

import dev.halcyon.model.Engine;
import dev.halcyon.mysql.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What one server has executed and the other one has not. */
final class GtidSets {
  private GtidSets() {}

  /** Transactions that the one has and the other one has not; empty if none, or if not known. */
  static String onlyIn(Session one, Session other) {
    return switch (one.engine()) {
      case MYSQL -> {
        // Read first: what comes to both meanwhile is then in the other's.
        var mine = executed(one);
        yield Objects.requireNonNullElse(
            other
                .first("SELECT REPLACE(GTID_SUBTRACT(?, @@GLOBAL.gtid_executed), '\\n', '')", mine)
                .orElseThrow()
                .stringOrNull(1),
            "");
      }
      case MARIADB -> {
        var mine = last(position(one));
        var theirs = last(position(other));
        yield String.join(", ", ahead(mine, theirs));
      }
    };
  }

  /** How many transactions of the source are missing; -1 if nobody can count. */
  static long missing(Session replica, Session source) {
    return switch (source.engine()) {
      case MYSQL -> {
        var set = onlyIn(source, replica);
        yield executed(source).isEmpty() ? -1 : count(set);
      }
      case MARIADB -> {
        var has = last(position(replica));
        yield last(position(source)).entrySet().stream()
            .mapToLong(
                entry ->
                    Math.max(0, entry.getValue().sequence() - sequence(has.get(entry.getKey()))))
            .sum();
      }
    };
  }

  /** Of MariaDB: the last one of a domain. */
  record Last(String text, long sequence) {}

  /** The last one of each domain; {@code 0-1-100,4-2-7}. */
  static Map<String, Last> last(String position) {
    var last = new TreeMap<String, Last>();
    for (String gtid : position.split(",", -1)) {
      var parts = gtid.strip().split("-", -1);
      if (parts.length == 3) {
        last.put(parts[0], new Last(gtid.strip(), Long.parseLong(parts[2])));
      }
    }
    return last;
  }

  static List<String> ahead(Map<String, Last> mine, Map<String, Last> theirs) {
    var ahead = new ArrayList<String>();
    mine.forEach(
        (domain, own) -> {
          if (own.sequence() > sequence(theirs.get(domain))) {
            ahead.add(own.text());
          }
        });
    return ahead;
  }

  /** How many transactions a set has: {@code uuid:1-5:7,uuid:3}. */
  static long count(String set) {
    long all = 0;
    for (String part : set.split("[:,]", -1)) {
      if (part.strip().matches("\\d+")) {
        all++;
      } else if (part.strip().matches("\\d+-\\d+")) {
        var ends = part.strip().split("-", -1);
        all += Long.parseLong(ends[1]) - Long.parseLong(ends[0]) + 1;
      }
    }
    return all;
  }

  private static long sequence(@Nullable Last last) {
    return last == null ? 0 : last.sequence();
  }

  private static String executed(Session session) {
    if (session.engine() != Engine.MYSQL) {
      return "";
    }
    return session
        .first("SELECT REPLACE(@@GLOBAL.gtid_executed, '\\n', '')")
        .orElseThrow()
        .string(1);
  }

  private static String position(Session session) {
    return session.first("SELECT @@GLOBAL.gtid_binlog_pos").orElseThrow().string(1);
  }
}
