package dev.halcyon.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.util.ByteProcessor;
import java.util.EnumSet;
import java.util.Set;

/**
 * Looks through a command's bytes for words of statements that the server does not tell about, in
 * strings and comments as well. Few commands have one; only those are read properly. Words are
 * compared by their last 8 letters, packed into a number.
 */
final class SuspectWords implements ByteProcessor {
  private static final byte[] UPPER = upper();

  private final EnumSet<Word> found = EnumSet.noneOf(Word.class);
  private long letters;
  private int length;
  private boolean backslash;

  /** The words looked for. */
  enum Word {
    LOCK,
    UNLOCK,
    EXPORT,
    BACKUP,
    GET_LOCK,
    RELEASE_ALL_LOCKS,
    TEMPORARY,
    HANDLER,
    XA,
    PREPARE,
    EXECUTE,
    CALL,
    SESSION_TRACK_SYSTEM_VARIABLES,
    SESSION_TRACK_TRANSACTION_INFO,
    SESSION_TRACK_STATE_CHANGE,
    SESSION_TRACK_SCHEMA;

    private static final Word[] ALL = values();
    private final long packed = pack(name());

    private static long pack(String name) {
      long packed = 0;
      for (int i = 0; i < name.length(); i++) {
        packed = packed << 8 | name.charAt(i);
      }
      return packed;
    }
  }

  /** A new command begins. */
  void restart() {
    found.clear();
    letters = 0;
    length = 0;
    backslash = false;
  }

  void read(ByteBuf buffer, int index, int bytes) {
    buffer.forEachByte(index, bytes, this);
  }

  @Override
  public boolean process(byte value) {
    byte upper = UPPER[value & 0xff];
    if (upper != 0) {
      letters = letters << 8 | upper;
      length++;
    } else {
      backslash |= value == '\\';
      if (length > 1) {
        compare();
      }
      letters = 0;
      length = 0;
    }
    return true;
  }

  /** The words found; the command is whole. */
  Set<Word> found() {
    if (length > 1) {
      compare();
      length = 0;
    }
    return found;
  }

  /** Whether strings may end elsewhere than they seem to, under some sql_mode or character set. */
  boolean hasBackslash() {
    return backslash;
  }

  private void compare() {
    for (Word word : Word.ALL) {
      if (word.packed == letters && word.name().length() == length) {
        found.add(word);
        return;
      }
    }
  }

  private static byte[] upper() {
    var table = new byte[256];
    for (char c = 'A'; c <= 'Z'; c++) {
      table[c] = (byte) c;
      table[c + 32] = (byte) c;
    }
    for (char c = '0'; c <= '9'; c++) {
      table[c] = (byte) c;
    }
    table['_'] = '_';
    table['$'] = '$';
    return table;
  }
}
