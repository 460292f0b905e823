package dev.halcyon.proxy.digest;

import dev.halcyon.proxy.digest.Digest.Reading;
import dev.halcyon.sql.TouchReader;
import dev.halcyon.sql.Touches;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One digest as it is counted. On the event loop only, but for its {@link Text}. */
final class Entry {
  final long key;
  final Text text;
  final Origin origin;
  private final List<String> hosts = new ArrayList<>(1);
  private String lastHost;
  private boolean otherHosts;
  private long count;
  private long firstSeen;
  private long lastSeen;

  /** Whether it is among those that are recorded. */
  boolean kept;

  @Nullable Entry newer;
  @Nullable Entry older;

  Entry(long key, Text text, Origin origin, String host) {
    this.key = key;
    this.text = text;
    this.origin = origin;
    this.lastHost = host;
    hosts.add(host);
  }

  void begin(long millis) {
    count = 0;
    firstSeen = millis;
    hosts.clear();
    hosts.add(lastHost);
    otherHosts = false;
  }

  void seen(String host, long millis) {
    count++;
    lastSeen = millis;
    if (!lastHost.equals(host)) {
      lastHost = host;
      if (!hosts.contains(host)) {
        if (hosts.size() < Digest.HOSTS) {
          hosts.add(host);
        } else {
          otherHosts = true;
        }
      }
    }
  }

  /** Its figures of this moment; what it touches is found out once the caller asks. */
  Figures figures() {
    return new Figures(
        text,
        origin,
        List.copyOf(hosts),
        otherHosts,
        count,
        Instant.ofEpochMilli(firstSeen),
        Instant.ofEpochMilli(lastSeen));
  }

  /** The figures of one moment. Immutable. */
  record Figures(
      Text text,
      Origin origin,
      List<String> hosts,
      boolean otherHosts,
      long count,
      Instant firstSeen,
      Instant lastSeen) {
    Digest digest() {
      return new Digest(
          text.text,
          text.reading,
          origin.user(),
          hosts,
          otherHosts,
          origin.schema(),
          count,
          firstSeen,
          lastSeen,
          text.touches());
    }
  }

  /** A text, and what it touches. Thread-safe. */
  static final class Text {
    final String text;
    final Reading reading;
    private volatile @Nullable Touches touches;

    Text(String text, Reading reading) {
      this.text = text;
      this.reading = reading;
    }

    private Touches touches() {
      var known = touches;
      if (known == null) {
        known =
            switch (reading) {
              case WHOLE -> TouchReader.read(text);
              case CUT, DOUBTFUL, UNREADABLE -> Touches.ANYTHING;
            };
        touches = known;
      }
      return known;
    }
  }
}
