package dev.halcyon.proxy.digest;

/**
 * Takes the text of a command apart as the servers do, statement by statement, without making any
 * object. Comments are left out, what they execute is not. For one thread.
 */
final class Scanner {
  /** Is told of each statement, in order. */
  interface Statements {
    /**
     * @param tokens of the statement, until the next one
     * @param doubtful whether the server may have read it otherwise
     * @param changes how the server may read later text otherwise: flags of {@link KnownWords}
     */
    void statement(byte[] text, Tokens tokens, boolean doubtful, int changes);
  }

  private static final int CHANGES = KnownWords.CHANGES_QUOTES | KnownWords.CHANGES_CHARACTERS;

  private final Statements statements;
  private final Tokens tokens = new Tokens();

  private byte[] text = new byte[0];
  private int end;
  private int at;

  /** Where the last token ends, and whether it could be a name. */
  private int tokenEnd;

  private boolean afterName;
  private boolean ansiQuotes;
  private boolean quotesKnown;
  private boolean escapes;
  private boolean executed;
  private boolean versioned;
  private boolean doubtful;
  private int changing;

  Scanner(Statements statements) {
    this.statements = statements;
  }

  /**
   * @param whole whether the text ends there as well
   */
  void scan(byte[] bytes, int from, int to, Syntax syntax, boolean whole) {
    text = bytes;
    at = from;
    end = to;
    tokenEnd = -1;
    afterName = false;
    ansiQuotes = syntax.ansiQuotes();
    quotesKnown = syntax.quotesKnown();
    escapes = syntax.backslashEscapes();
    executed = false;
    doubtful = syntax.isDoubtful(bytes, from, to);
    changing = 0;
    tokens.clear();
    while (at < end) {
      step();
    }
    doubtful |= !whole || executed;
    finish();
  }

  private void step() {
    byte c = text[at];
    switch (Bytes.type(c)) {
      case Bytes.BLANK -> at++;
      case Bytes.LETTER -> word();
      case Bytes.DIGIT -> {
        if (text[Math.max(at - 1, 0)] == '.' && tokenEnd == at && !tokens.endWithValue()) {
          word(); // behind the dot of a qualified name
        } else {
          number();
        }
      }
      default -> symbol(c);
    }
  }

  private void symbol(byte c) {
    switch (c) {
      case '\'' -> literal();
      case '"' -> {
        if (ansiQuotes) {
          name('"');
        } else {
          doubtful |= !quotesKnown;
          literal();
        }
      }
      case '`' -> name('`');
      case '?' -> value(at + 1);
      case '#' -> skipLine();
      case '-' -> {
        if (next(1) == '-' && (at + 2 >= end || Bytes.type(text[at + 2]) == Bytes.BLANK)) {
          skipLine();
        } else {
          operator(c);
        }
      }
      case '/' -> {
        if (next(1) == '*') {
          comment();
        } else {
          operator(c);
        }
      }
      case '*' -> {
        if (executed && next(1) == '/') {
          executed = false;
          at += 2;
        } else {
          operator(c);
        }
      }
      case '.' -> {
        if (Bytes.isDigit(next(1)) && !(tokenEnd == at && afterName)) {
          number();
        } else {
          operator(c);
        }
      }
      case '@' -> variable();
      case ';' -> {
        finish();
        at++;
      }
      default -> operator(c);
    }
  }

  private byte next(int offset) {
    return at + offset < end ? text[at + offset] : 0;
  }

  private void finish() {
    if (tokens.size() > 0) {
      boolean sets = (tokens.firstFlags() & KnownWords.SET) != 0;
      int changes = sets ? changing & CHANGES : 0;
      statements.statement(text, tokens, doubtful, changes);
      doubtful |= changes != 0;
      changing = 0;
      tokens.clear();
    }
  }

  private void tokenEnds(int to, boolean name) {
    at = to;
    tokenEnd = to;
    afterName = name;
  }

  private void word() {
    int start = at;
    int i = at;
    long hash = 0;
    long packed = 0;
    while (i < end && Bytes.isWord(text[i])) {
      byte upper = Bytes.upper(text[i]);
      hash = (hash ^ upper) * 0x100000001b3L;
      packed = packed << 8 | (upper & 0xff);
      i++;
    }
    int length = i - start;
    if (length == 1 && i < end && text[i] == '\'' && isLiteralPrefix(packed)) {
      at = i;
      literal();
      return;
    }
    int known = KnownWords.flags(packed, length);
    changing |= known;
    tokens.word(Hash.end(hash ^ length), known, start, i);
    tokenEnds(i, true);
  }

  /** {@code x'4D'}, {@code b'101'}, {@code N'text'}. */
  private static boolean isLiteralPrefix(long upper) {
    return upper == 'X' || upper == 'B' || upper == 'N';
  }

  private void name(char quote) {
    int start = at;
    long hash = 0;
    int length = 0;
    int i = at + 1;
    while (i < end) {
      byte c = text[i];
      if (c == quote) {
        if (i + 1 < end && text[i + 1] == quote) {
          i++;
        } else {
          break;
        }
      }
      hash = (hash ^ Bytes.upper(c)) * 0x100000001b3L;
      length++;
      i++;
    }
    doubtful |= versioned && executed;
    if (i >= end) {
      doubtful = true;
      at = end;
      return;
    }
    tokens.name(Hash.end(hash ^ length), start, i + 1);
    tokenEnds(i + 1, true);
  }

  private void literal() {
    byte quote = text[at];
    int i = at + 1;
    while (i < end) {
      byte c = text[i];
      if (c == quote) {
        if (i + 1 < end && text[i + 1] == quote) {
          i++;
        } else {
          break;
        }
      } else if (c == '\\' && escapes) {
        i++;
      }
      i++;
    }
    doubtful |= i >= end || (versioned && executed);
    value(Math.min(i + 1, end));
  }

  private void value(int to) {
    tokens.value();
    tokenEnds(to, false);
  }

  private void number() {
    int i = at;
    if (text[i] == '0' && (next(1) == 'x' || next(1) == 'b')) {
      i = radixEnd(next(1) == 'x');
    } else {
      i = decimalEnd();
    }
    if (i < end && Bytes.isWord(text[i]) && isWordUpTo(i)) {
      word(); // a name that begins with a digit
    } else {
      value(i);
    }
  }

  private int radixEnd(boolean hexadecimal) {
    int i = at + 2;
    while (i < end && isDigit(Bytes.upper(text[i]), hexadecimal)) {
      i++;
    }
    return i == at + 2 ? at + 1 : i;
  }

  private static boolean isDigit(byte c, boolean hexadecimal) {
    return hexadecimal ? Bytes.isDigit(c) || (c >= 'A' && c <= 'F') : c == '0' || c == '1';
  }

  private int decimalEnd() {
    int i = digitsEnd(at);
    if (i < end && text[i] == '.') {
      i = digitsEnd(i + 1);
    }
    if (i < end && Bytes.upper(text[i]) == 'E') {
      int sign = i + 1 < end && (text[i + 1] == '-' || text[i + 1] == '+') ? 1 : 0;
      int exponentEnd = digitsEnd(i + 1 + sign);
      if (exponentEnd > i + 1 + sign) {
        return exponentEnd;
      }
    }
    return i;
  }

  private int digitsEnd(int from) {
    int i = from;
    while (i < end && Bytes.isDigit(text[i])) {
      i++;
    }
    return i;
  }

  private boolean isWordUpTo(int to) {
    for (int i = at; i < to; i++) {
      if (!Bytes.isWord(text[i])) {
        return false;
      }
    }
    return true;
  }

  /** {@code @x}, {@code @@global.x}; of {@code @'x'} the sign alone. */
  private void variable() {
    int start = at;
    int i = at + 1;
    while (i < end && text[i] == '@') {
      i++;
    }
    while (i < end && (Bytes.isWord(text[i]) || text[i] == '.')) {
      i++;
    }
    long hash = 0;
    long packed = 0;
    int length = 0;
    for (int j = start; j < i; j++) {
      byte upper = Bytes.upper(text[j]);
      hash = (hash ^ upper) * 0x100000001b3L;
      boolean word = Bytes.isWord(upper);
      packed = word ? packed << 8 | (upper & 0xff) : 0;
      length = word ? length + 1 : 0;
    }
    changing |= KnownWords.flags(packed, length);
    tokens.variable(Hash.end(hash), start, i);
    tokenEnds(i, true);
  }

  private void operator(byte c) {
    int length = operatorLength(c);
    int code = c & 0xff;
    for (int i = 1; i < length; i++) {
      code = code << 8 | text[at + i];
    }
    tokens.symbol(code, at, at + length);
    tokenEnds(at + length, false);
  }

  private int operatorLength(byte c) {
    byte second = next(1);
    return switch (c) {
      case '<' -> second == '=' ? (next(2) == '>' ? 3 : 2) : second == '>' || second == c ? 2 : 1;
      case '>' -> second == '=' || second == c ? 2 : 1;
      case '-' -> second == '>' ? (next(2) == '>' ? 3 : 2) : 1;
      case '!', ':' -> second == '=' ? 2 : 1;
      case '|', '&' -> second == c ? 2 : 1;
      default -> 1;
    };
  }

  private void skipLine() {
    while (at < end && text[at] != '\n') {
      at++;
    }
  }

  private void comment() {
    int i = at + 2;
    boolean mariaDb = i + 1 < end && text[i] == 'M' && text[i + 1] == '!';
    if (!executed && (mariaDb || (i < end && text[i] == '!'))) {
      executed = true;
      i += mariaDb ? 2 : 1;
      int digits = digitsEnd(i) - i;
      versioned = digits >= 5;
      at = versioned ? i + Math.min(digits, 6) : i;
      return;
    }
    while (i + 1 < end && !(text[i] == '*' && text[i + 1] == '/')) {
      i++;
    }
    if (i + 1 < end) {
      at = i + 2;
    } else {
      doubtful = true;
      at = end;
    }
  }
}
