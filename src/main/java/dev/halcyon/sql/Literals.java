package dev.halcyon.sql;

/** Reads literals as the servers print them. */
final class Literals {
  private Literals() {}

  /** The value of a string in quotes. */
  static String value(String quoted) {
    char quote = quoted.charAt(0);
    var value = new StringBuilder();
    for (int i = 1; i < quoted.length() - 1; i++) {
      char c = quoted.charAt(i);
      if (c == quote) {
        i++;
      } else if (c == '\\') {
        c = escaped(quoted.charAt(++i));
      }
      value.append(c);
    }
    return value.toString();
  }

  private static char escaped(char c) {
    return switch (c) {
      case '0' -> '\0';
      case 'b' -> '\b';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'Z' -> '\u001a';
      default -> c;
    };
  }
}
