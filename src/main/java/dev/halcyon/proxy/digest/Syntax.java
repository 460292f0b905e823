package dev.halcyon.proxy.digest;

/**
 * By which rules the server reads a session's text.
 *
 * @param quotesKnown whether it is known what double quotes are for
 * @param ansiQuotes whether they are for names
 */
record Syntax(
    boolean quotesKnown, boolean ansiQuotes, boolean backslashEscapes, CharacterSet characterSet) {

  /** What a byte of ASCII may be. */
  enum CharacterSet {
    /** Always itself. */
    PLAIN,
    /** Or the second half of another character, as in gbk or sjis. */
    HALVES,
    UNKNOWN
  }

  /** Whether the text may have quotes or backslashes that are none. */
  boolean isDoubtful(byte[] text, int from, int to) {
    if (characterSet == CharacterSet.PLAIN) {
      return false;
    }
    for (int i = from; i < to; i++) {
      if (text[i] < 0 && (characterSet == CharacterSet.HALVES || isHalf(text, i + 1, to))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isHalf(byte[] text, int i, int to) {
    return i < to && (text[i] == '\\' || text[i] == '`');
  }
}
