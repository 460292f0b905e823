package dev.halcyon.proxy.digest;

/**
 * The words that the digest must tell from names. A word is looked up by its last 8 letters in
 * upper case, packed into a number, and its length. Thread-safe.
 */
final class KnownWords {
  /** An expression follows, so that a sign in front of a number belongs to it. */
  static final int BEFORE_EXPRESSION = 1;

  /** Rows of values follow. */
  static final int BEFORE_ROWS = 2;

  /** A list of values follows, be it one. */
  static final int BEFORE_LIST = 4;

  static final int NULL = 8;

  /** Another default schema follows. */
  static final int USE = 16;

  /** If it is set, double quotes may be for something else, or the server no longer tells of it. */
  static final int CHANGES_QUOTES = 32;

  static final int SET = 64;

  /** If it is set, the character set may be another. */
  static final int CHANGES_CHARACTERS = 128;

  private static final int SLOTS = 256;
  private static final long[] PACKED = new long[SLOTS];
  private static final byte[] LENGTHS = new byte[SLOTS];
  private static final byte[] FLAGS = new byte[SLOTS];

  static {
    add(
        BEFORE_EXPRESSION,
        "SELECT ALL DISTINCT DISTINCTROW SQL_NO_CACHE SQL_CALC_FOUND_ROWS STRAIGHT_JOIN WHERE"
            + " HAVING ON AND OR XOR NOT LIKE RLIKE REGEXP BETWEEN DIV MOD CASE WHEN THEN ELSE BY"
            + " LIMIT OFFSET INTERVAL RETURN DEFAULT ESCAPE DO");
    add(SET | BEFORE_EXPRESSION, "SET");
    add(BEFORE_ROWS, "VALUES VALUE");
    add(BEFORE_LIST | BEFORE_EXPRESSION, "IN");
    add(NULL, "NULL");
    add(USE, "USE");
    add(CHANGES_QUOTES, "SQL_MODE SESSION_TRACK_SYSTEM_VARIABLES");
    add(CHANGES_CHARACTERS, "NAMES CHARSET CHARACTER CHARACTER_SET_CLIENT");
  }

  private KnownWords() {}

  /** Its flags; 0 for any other word. */
  static int flags(long packed, int length) {
    int slot = slot(packed);
    while (LENGTHS[slot] != 0) {
      if (PACKED[slot] == packed && LENGTHS[slot] == length) {
        return FLAGS[slot] & 0xff;
      }
      slot = slot + 1 & SLOTS - 1;
    }
    return 0;
  }

  private static void add(int flags, String words) {
    for (String word : words.split(" ")) {
      long packed = 0;
      for (int i = 0; i < word.length(); i++) {
        packed = packed << 8 | word.charAt(i);
      }
      int slot = slot(packed);
      while (LENGTHS[slot] != 0) {
        slot = slot + 1 & SLOTS - 1;
      }
      PACKED[slot] = packed;
      LENGTHS[slot] = (byte) word.length();
      FLAGS[slot] = (byte) flags;
    }
  }

  private static int slot(long packed) {
    return (int) ((packed * 0x9e3779b97f4a7c15L) >>> 56);
  }
}
