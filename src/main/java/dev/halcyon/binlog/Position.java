package dev.halcyon.binlog;

import com.github.shyiko.mysql.binlog.GtidSet;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A place in the log between two transactions, from which it can be read on. Opaque outside the
 * package, but for its text, which may be stored and read again.
 */
public sealed interface Position {
  /** The text that {@link #parse} takes. */
  String text();

  /**
   * Reads what {@link #text} gave.
   *
   * @throws IllegalArgumentException if it is not such a text
   */
  static Position parse(String text) {
    var colon = text.indexOf(':');
    var rest = text.substring(colon + 1);
    return switch (text.substring(0, Math.max(0, colon))) {
      case "mysql" -> new MySqlGtids(rest);
      case "mariadb" -> MariaDbGtids.of(rest);
      case "file" -> {
        var at = rest.lastIndexOf(':');
        yield new FileOffset(rest.substring(0, at), Long.parseLong(rest.substring(at + 1)));
      }
      default -> throw new IllegalArgumentException("not a position in a binary log: " + text);
    };
  }

  /**
   * The transactions that are done, in MySQL's notation.
   *
   * @param set {@code uuid:1-5:8,uuid:…}, without tags, or empty
   */
  record MySqlGtids(String set) implements Position {
    private static final Pattern FORM =
        Pattern.compile("|[0-9a-fA-F-]{36}(:\\d+(-\\d+)?)+(,[0-9a-fA-F-]{36}(:\\d+(-\\d+)?)+)*");

    public MySqlGtids {
      set = set.replaceAll("\\s", "");
      if (!FORM.matcher(set).matches()) {
        throw new IllegalArgumentException("not a set of GTIDs without tags: " + set);
      }
    }

    MySqlGtids with(String gtid) {
      var next = gtids();
      next.add(gtid);
      return new MySqlGtids(next.toString());
    }

    GtidSet gtids() {
      return new GtidSet(set);
    }

    @Override
    public String text() {
      return "mysql:" + set;
    }
  }

  /**
   * The last transaction of each of MariaDB's domains.
   *
   * @param last domain to {@code server-sequence}
   */
  record MariaDbGtids(SortedMap<Long, String> last) implements Position {
    public MariaDbGtids {
      last = Collections.unmodifiableSortedMap(new TreeMap<>(last));
    }

    /** {@code 0-1-100,1-1-5}, or empty. */
    static MariaDbGtids of(String list) {
      var last = new TreeMap<Long, String>();
      for (var gtid : list.split(",", -1)) {
        if (!gtid.isBlank()) {
          var dash = gtid.indexOf('-');
          last.put(
              Long.parseLong(gtid.strip().substring(0, dash)), gtid.strip().substring(dash + 1));
        }
      }
      return new MariaDbGtids(last);
    }

    MariaDbGtids with(long domain, long server, long sequence) {
      var next = new TreeMap<>(last);
      next.put(domain, server + "-" + sequence);
      return new MariaDbGtids(next);
    }

    String list() {
      return last.entrySet().stream().map(MariaDbGtids::gtid).collect(Collectors.joining(","));
    }

    private static String gtid(Map.Entry<Long, String> entry) {
      return entry.getKey() + "-" + entry.getValue();
    }

    @Override
    public String text() {
      return "mariadb:" + list();
    }
  }

  /**
   * A place in one server's own files.
   *
   * @param offset in bytes, from 4; may be beyond 4 GiB, where no stream can begin
   */
  record FileOffset(String file, long offset) implements Position {
    public FileOffset {
      if (file.isEmpty() || offset < 4) {
        throw new IllegalArgumentException("no place in a binary log: " + file + " " + offset);
      }
    }

    @Override
    public String text() {
      return "file:" + file + ":" + offset;
    }
  }
}
