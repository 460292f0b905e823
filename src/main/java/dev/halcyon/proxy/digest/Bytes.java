package dev.halcyon.proxy.digest;

/** What a byte of SQL text can be the beginning of, in any character set that a client may have. */
final class Bytes {
  static final byte SYMBOL = 0;
  static final byte BLANK = 1;
  static final byte LETTER = 2;
  static final byte DIGIT = 3;
  private static final byte[] CLASSES = classes();
  private static final byte[] UPPER = upper();

  private Bytes() {}

  static byte type(byte value) {
    return CLASSES[value & 0xff];
  }

  /** Of a word or an unquoted name. */
  static boolean isWord(byte value) {
    return CLASSES[value & 0xff] >= LETTER;
  }

  static boolean isDigit(byte value) {
    return value >= '0' && value <= '9';
  }

  /** In upper case, if it is a letter of ASCII. */
  static byte upper(byte value) {
    return UPPER[value & 0xff];
  }

  static byte lower(byte value) {
    return value >= 'A' && value <= 'Z' ? (byte) (value + 32) : value;
  }

  private static byte[] classes() {
    var classes = new byte[256];
    for (int i = 0; i < 256; i++) {
      if (i <= ' ') {
        classes[i] = BLANK;
      } else if (i >= '0' && i <= '9') {
        classes[i] = DIGIT;
      } else if (i >= 0x80 || i == '_' || i == '$' || Character.isLetter(i)) {
        classes[i] = LETTER;
      }
    }
    return classes;
  }

  private static byte[] upper() {
    var upper = new byte[256];
    for (int i = 0; i < 256; i++) {
      upper[i] = (byte) (i >= 'a' && i <= 'z' ? i - 32 : i);
    }
    return upper;
  }
}
