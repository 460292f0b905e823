package dev.halcyon.proxy.digest;

import dev.halcyon.proxy.digest.Syntax.CharacterSet;
import io.netty.buffer.ByteBuf;
import io.netty.util.collection.IntObjectHashMap;
import java.util.ArrayDeque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one session sends. It must be told of whatever decides how its text is read. On the event
 * loop only.
 */
public final class SessionRecord {
  /** MariaDB's id for the statement that was prepared last. */
  private static final int LATEST = -1;

  private final @Nullable Recorder recorder;
  private final String user;
  private final String host;
  private final boolean tracked;
  private final IntObjectHashMap<Entry> prepared = new IntObjectHashMap<>(4);
  private final ArrayDeque<Entry> preparing = new ArrayDeque<>(2);

  private @Nullable Entry latest;
  private Origin origin;
  private long originHash;
  private Syntax syntax;

  /** The syntax may change with any execution of what is prepared. */
  private boolean lastingDoubt;

  /**
   * @param recorder none if nothing is recorded
   * @param schema in force at first; empty text for none
   * @param tracked whether the server tells of every change of schema and variables
   */
  public SessionRecord(
      @Nullable Recorder recorder, String user, String host, String schema, boolean tracked) {
    this.recorder = recorder;
    this.user = user;
    this.host = host;
    this.tracked = tracked;
    this.origin = new Origin(user, Optional.of(schema));
    this.originHash = origin.hash();
    this.syntax = new Syntax(false, false, true, CharacterSet.UNKNOWN);
  }

  /** A command is sent that cannot be read. */
  public void unreadable() {
    if (recorder != null) {
      recorder.count(recorder.unreadable(this), host);
      schemaMayChange();
    }
  }

  /** Statements are sent as text. {@code toItsEnd} unless there is more text than is given. */
  public void sent(ByteBuf buffer, int index, int length, boolean toItsEnd) {
    if (recorder != null) {
      recorder.count(this, buffer, index, length, toItsEnd);
    }
  }

  /** A statement is sent to be prepared. */
  public void preparing(ByteBuf buffer, int index, int length, boolean toItsEnd) {
    if (recorder != null) {
      latest = recorder.look(this, buffer, index, length, toItsEnd);
      preparing.addLast(latest);
    }
  }

  /** The server's answer to the first that is not yet answered. */
  public void prepared(long statement) {
    var entry = preparing.pollFirst();
    if (entry != null) {
      prepared.put((int) statement, entry);
    }
  }

  /** The server has refused it. */
  public void notPrepared() {
    preparing.pollFirst();
  }

  public void executed(long statement) {
    if (recorder == null) {
      return;
    }
    int id = (int) statement;
    var entry = id == LATEST ? latest : prepared.get(id);
    recorder.count(entry == null ? recorder.unreadable(this) : entry, host);
  }

  public void closed(long statement) {
    prepared.remove((int) statement);
  }

  /** The session begins anew. */
  public void reset() {
    prepared.clear();
    latest = null;
    lastingDoubt = false;
    syntax = new Syntax(false, false, syntax.backslashEscapes(), syntax.characterSet());
  }

  /** Another default schema; empty text for none. */
  public void schema(String name) {
    origin = new Origin(user, Optional.of(name));
    originHash = origin.hash();
  }

  /** The default schema may have changed. */
  public void schemaMayChange() {
    if (!tracked) {
      origin = new Origin(user, Optional.empty());
      originHash = origin.hash();
    }
  }

  public void sqlMode(String modes) {
    syntax =
        new Syntax(
            !lastingDoubt,
            modes.contains("ANSI_QUOTES"),
            syntax.backslashEscapes(),
            syntax.characterSet());
  }

  /**
   * By a statement of the client; what is so from then on, the server must tell.
   *
   * @param changes flags of {@link KnownWords}
   * @param anytime whether the statement is prepared
   */
  void readingMayChange(int changes, boolean anytime) {
    boolean quotes = (changes & KnownWords.CHANGES_QUOTES) != 0;
    boolean characters = (changes & KnownWords.CHANGES_CHARACTERS) != 0;
    lastingDoubt |= anytime && quotes;
    syntax =
        new Syntax(
            syntax.quotesKnown() && !quotes,
            syntax.ansiQuotes(),
            syntax.backslashEscapes(),
            characters ? CharacterSet.UNKNOWN : syntax.characterSet());
  }

  /** Whether a backslash in a string changes the meaning of what follows. */
  public void backslashEscapes(boolean escapes) {
    if (escapes != syntax.backslashEscapes()) {
      syntax =
          new Syntax(syntax.quotesKnown(), syntax.ansiQuotes(), escapes, syntax.characterSet());
    }
  }

  /** Whether a byte of ASCII can be the second one of a character in the client's character set. */
  public void halfCharacters(boolean halves) {
    var set = halves ? CharacterSet.HALVES : tracked ? CharacterSet.PLAIN : CharacterSet.UNKNOWN;
    syntax = new Syntax(syntax.quotesKnown(), syntax.ansiQuotes(), syntax.backslashEscapes(), set);
  }

  String host() {
    return host;
  }

  Origin origin() {
    return origin;
  }

  long originHash() {
    return originHash;
  }

  Syntax syntax() {
    return syntax;
  }

  /** A statement whose first word has these flags of {@link KnownWords} has been counted. */
  void sent(int flags) {
    if ((flags & KnownWords.USE) != 0) {
      schemaMayChange();
    }
  }
}
