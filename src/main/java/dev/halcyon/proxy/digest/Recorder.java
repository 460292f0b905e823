package dev.halcyon.proxy.digest;

import dev.halcyon.proxy.digest.Digest.Reading;
import dev.halcyon.proxy.digest.Entry.Text;
import io.netty.buffer.ByteBuf;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts the statements of all sessions by their digests, within bounds of memory. A statement that
 * is known costs a scan of its text and no object. On the event loop only.
 */
public final class Recorder {
  private static final int DIGESTS = 10_000;
  private static final int CHARACTERS = 8 << 20;
  private static final int LEAST_CHARACTERS = 1 << 20;
  private static final int LONGEST = 8192;
  private static final int SCRATCH = 65_536;

  private final LongSupplier millis;
  private final Entries entries;
  private final Scanner scanner = new Scanner(this::statement);
  private final byte[] scratch = new byte[SCRATCH];
  private final long since;
  private long lostSince;

  private @Nullable SessionRecord session;
  private @Nullable Entry last;
  private boolean whole;
  private boolean counting;

  /**
   * @param millis as {@link System#currentTimeMillis}
   * @param recorders how many share the memory
   */
  public Recorder(LongSupplier millis, int recorders) {
    this(millis, new Entries(DIGESTS, Math.max(LEAST_CHARACTERS, CHARACTERS / recorders)));
  }

  Recorder(LongSupplier millis, Entries entries) {
    this.millis = millis;
    this.entries = entries;
    this.since = millis.getAsLong();
  }

  /** What is recorded at a moment. {@link #digests} may be called on any thread. */
  public record Collected(
      Instant since, Optional<Instant> lostSince, long lost, List<Entry.Figures> figures) {

    public Collected {
      figures = List.copyOf(figures);
    }

    /** Finds out what new texts touch, which takes its time. */
    public Digests digests() {
      return new Digests(
          since, lostSince, lost, figures.stream().map(Entry.Figures::digest).toList());
    }
  }

  public Collected collect() {
    return new Collected(
        Instant.ofEpochMilli(since),
        lostSince == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(lostSince)),
        entries.lost(),
        entries.figures());
  }

  /** Counts each statement of a text. */
  void count(SessionRecord of, ByteBuf buffer, int index, int length, boolean toItsEnd) {
    scan(of, buffer, index, length, toItsEnd, true);
  }

  /** The digest of a statement that may be executed later. */
  Entry look(SessionRecord of, ByteBuf buffer, int index, int length, boolean toItsEnd) {
    scan(of, buffer, index, length, toItsEnd, false);
    var found = last;
    return found == null ? unreadable(of) : found;
  }

  void count(Entry entry, String host) {
    long now = millis.getAsLong();
    if (entry.kept) {
      entries.touch(entry);
    } else {
      entry.begin(now);
      add(entry, now);
    }
    entry.seen(host, now);
  }

  /** For what was sent without its text being known. */
  Entry unreadable(SessionRecord of) {
    long key = Hash.end(of.originHash());
    var known = entries.find(key);
    return known == null
        ? new Entry(key, new Text("", Reading.UNREADABLE), of.origin(), of.host())
        : known;
  }

  private void scan(
      SessionRecord of, ByteBuf buffer, int index, int length, boolean toItsEnd, boolean counts) {
    session = of;
    last = null;
    whole = toItsEnd;
    counting = counts;
    byte[] text = length <= SCRATCH ? scratch : new byte[length];
    buffer.getBytes(index, text, 0, length);
    scanner.scan(text, 0, length, of.syntax(), toItsEnd);
    session = null;
  }

  private void statement(byte[] text, Tokens tokens, boolean doubtful, int changes) {
    var of = session;
    if (of == null) {
      throw new IllegalStateException("Nothing is scanned");
    }
    long key = Hash.end(Hash.with(Hash.with(tokens.hash(), of.originHash()), doubtful ? 1 : 0));
    var entry = entries.find(key);
    if (entry == null) {
      entry = new Entry(key, text(text, tokens, doubtful), of.origin(), of.host());
    }
    last = entry;
    if (counting) {
      count(entry, of.host());
      of.sent(tokens.firstFlags());
    }
    if (changes != 0) {
      of.readingMayChange(changes, !counting);
    }
  }

  private Text text(byte[] text, Tokens tokens, boolean doubtful) {
    var digest = tokens.text(text);
    if (digest.isEmpty()) {
      return new Text("", Reading.UNREADABLE);
    }
    if (digest.get().length() > LONGEST) {
      return new Text(digest.get().substring(0, LONGEST), Reading.CUT);
    }
    var reading = !doubtful ? Reading.WHOLE : whole ? Reading.DOUBTFUL : Reading.CUT;
    return new Text(digest.get(), reading);
  }

  private void add(Entry entry, long now) {
    entries.add(entry);
    if (lostSince == 0 && entries.lost() > 0) {
      lostSince = now;
    }
  }
}
