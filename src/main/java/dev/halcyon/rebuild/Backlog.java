package dev.halcyon.rebuild;

import dev.halcyon.binlog.ChangeStream;
import dev.halcyon.binlog.Position;
import dev.halcyon.binlog.RowChange;
import dev.halcyon.binlog.RowImage;
import dev.halcyon.binlog.StreamItem;
import dev.halcyon.binlog.WatchedTable;
import dev.halcyon.mysql.Session;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Changes that the server's log told of and that are not yet applied: the last image of each key,
 * at the end of a whole transaction. For one thread.
 */
final class Backlog implements Capture {
  /** From here on the stream waits. */
  private static final long MOST_BYTES = 64L << 20;

  /** Whoever asks has other things to do, however much the application writes. */
  private static final Duration LONGEST_TAKE = Duration.ofMillis(50);

  private final ChangeStream stream;
  private final WatchedTable marks;
  private final RebuildTable rebuilds;
  private final Applier applier;
  private final int[] key;
  private final Origins origins;
  private final Function<RowImage, String> words;
  private final List<StreamItem.Changed> open = new ArrayList<>();
  private Map<String, Entry> entries = new LinkedHashMap<>();
  private long bytes;
  private long mark;
  private Position position;

  /**
   * The last that is known of a key.
   *
   * @param image of the row, or the last one of a row that is gone
   * @param moved whether the row has had another key
   */
  record Entry(RowImage image, boolean gone, boolean moved) {}

  /**
   * @param key the places of the key's columns
   * @param words a row's key, for people
   */
  Backlog(
      ChangeStream stream,
      WatchedTable marks,
      RebuildTable rebuilds,
      Applier applier,
      int[] key,
      Position from,
      Origins origins,
      Function<RowImage, String> words) {
    this.stream = stream;
    this.marks = marks;
    this.rebuilds = rebuilds;
    this.applier = applier;
    this.key = key.clone();
    this.position = from;
    this.origins = origins;
    this.words = words;
  }

  @Override
  public boolean reached(long awaited) {
    return mark >= awaited;
  }

  @Override
  public boolean isEmpty() {
    return entries.isEmpty();
  }

  @Override
  public boolean take(Duration patience) {
    if (bytes > MOST_BYTES) {
      return false;
    }
    var item = stream.next(patience);
    var any = item.isPresent();
    var end = System.nanoTime() + LONGEST_TAKE.toNanos();
    while (item.isPresent()) {
      accept(item.get());
      var full = bytes > MOST_BYTES || System.nanoTime() > end;
      item = full ? Optional.empty() : stream.next(Duration.ZERO);
    }
    return any;
  }

  /** All of it. */
  @Override
  public Batch drain() {
    var all = new Drained(entries, position);
    entries = new LinkedHashMap<>();
    bytes = 0;
    return all;
  }

  @Override
  public boolean more() {
    return false;
  }

  @Override
  public RebuildState keepFrom(RebuildState state) {
    return state.keepFrom(position);
  }

  @Override
  public void close() {
    stream.close();
  }

  /** Changes up to a position. */
  private final class Drained implements Batch {
    private final Map<String, Entry> changed;
    private final Position upTo;

    Drained(Map<String, Entry> changed, Position upTo) {
      this.changed = changed;
      this.upTo = upTo;
    }

    @Override
    public RebuildState apply(Session session, RebuildState state) {
      var next = state.at(upTo);
      return changed.isEmpty() ? next : applier.apply(session, changed, next);
    }

    @Override
    public int changes() {
      return changed.size();
    }

    @Override
    public void giveBack() {
      restore(changed);
    }
  }

  /** What came since outranks them. */
  private void restore(Map<String, Entry> drained) {
    var all = new LinkedHashMap<>(drained);
    all.putAll(entries);
    entries = all;
    bytes = all.values().stream().mapToLong(e -> e.image().bytes() + 100L).sum();
  }

  private void accept(StreamItem item) {
    switch (item) {
      case StreamItem.Changed changed -> open.add(changed);
      case StreamItem.Discarded ignored -> open.clear();
      case StreamItem.Committed(var after) -> {
        open.forEach(this::merge);
        open.clear();
        position = after;
      }
    }
  }

  private void merge(StreamItem.Changed changed) {
    for (var change : changed.changes()) {
      if (changed.table().equals(marks)) {
        marked(change);
      } else {
        if (origins.curious(changed.origin())) {
          origins.add(changed.origin(), words.apply(image(change)));
        }
        merge(change);
      }
    }
  }

  /** The row after the change, or the one that is gone. */
  private static RowImage image(RowChange change) {
    return switch (change) {
      case RowChange.Inserted(var after) -> after;
      case RowChange.Updated(var before, var after) -> after;
      case RowChange.Deleted(var before) -> before;
    };
  }

  private void marked(RowChange change) {
    mark = Math.max(mark, rebuilds.mark(marks, image(change)));
  }

  private void merge(RowChange change) {
    switch (change) {
      case RowChange.Inserted(var after) -> put(keyOf(after), new Entry(after, false, false));
      case RowChange.Deleted(var before) -> put(keyOf(before), new Entry(before, true, false));
      case RowChange.Updated(var before, var after) -> {
        var from = keyOf(before);
        var to = keyOf(after);
        var known = entries.get(from);
        var moved = !from.equals(to) || (known != null && known.moved());
        put(from, new Entry(before, true, false));
        put(to, new Entry(after, false, moved));
      }
    }
  }

  private String keyOf(RowImage image) {
    var text = new StringBuilder();
    for (var column : key) {
      var raw = image.raw(column);
      text.append(raw.length).append(':').append(new String(raw, StandardCharsets.ISO_8859_1));
    }
    return text.toString();
  }

  private void put(String text, Entry entry) {
    var image = entry.image();
    var before = entries.put(text, entry);
    bytes += image.bytes() + 100L - (before == null ? 0 : before.image().bytes() + 100L);
  }
}
