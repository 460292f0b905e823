package dev.halcyon.sql;

import dev.halcyon.model.Engine;
import dev.halcyon.sql.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes SQL apart as the servers do: strings with backslash escapes, names in backquotes, the three
 * kinds of comments, executed comments ({@code /*!80023 … *}{@code /}), and the client's DELIMITER
 * lines. A lexer works through one text once; it is not for several threads.
 */
final class Lexer {
  private static final Pattern EXECUTED = Pattern.compile("/\\*(M?)!(\\d{5,6})?");
  private static final Pattern NUMBER =
      Pattern.compile("0[xX][0-9a-fA-F]+|0b[01]+|(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?");
  private static final List<String> LONG_SYMBOLS =
      List.of("<=>", "->>", "->", ":=", "<=", ">=", "<>", "!=", "||", "&&", "<<", ">>");

  private final String text;
  private final @Nullable Engine engine;
  private final List<Token> tokens = new ArrayList<>();
  private final List<Token> marks = new ArrayList<>();
  private final List<Lexed.Comment> comments = new ArrayList<>();
  private final List<Lexed.Problem> problems = new ArrayList<>();
  private String delimiter = ";";
  private int at;
  private int executedFrom = -1;
  private boolean statementOpen;

  private Lexer(String text, @Nullable Engine engine) {
    this.text = text;
    this.engine = engine;
  }

  /** Every executed comment counts as code. */
  static Lexed lex(String text) {
    return new Lexer(text, null).run();
  }

  /** Executed comments count as code where a current server of this engine executes them. */
  static Lexed lex(String text, Engine engine) {
    return new Lexer(text, engine).run();
  }

  private Lexed run() {
    while (at < text.length()) {
      step();
    }
    if (executedFrom >= 0) {
      problems.add(new Lexed.Problem(executedFrom, "This comment is not closed."));
    }
    return new Lexed(text, tokens, marks, comments, problems);
  }

  private void step() {
    char c = text.charAt(at);
    if (Character.isWhitespace(c)) {
      at++;
    } else if (text.startsWith(delimiter, at)) {
      add(Kind.END, at + delimiter.length());
    } else if (startsLineComment(c)) {
      int end = text.indexOf('\n', at);
      skip(end < 0 ? text.length() : end);
    } else if (text.startsWith("/*", at)) {
      comment();
    } else if (executedFrom >= 0 && text.startsWith("*/", at)) {
      executedFrom = -1;
      mark(at + 2);
    } else if (c == '\'' || c == '"') {
      add(Kind.STRING, quotedEnd(at, "This string is not closed."));
    } else if (c == '`') {
      add(Kind.NAME, quotedEnd(at, "This name is not closed."));
    } else if (c == '@') {
      add(Kind.VARIABLE, variableEnd());
    } else if (startsNumber(c)) {
      number();
    } else if (isWordPart(c)) {
      word();
    } else {
      symbol();
    }
  }

  private boolean startsLineComment(char c) {
    if (c == '#') {
      return true;
    }
    return text.startsWith("--", at) && (at + 2 == text.length() || text.charAt(at + 2) <= ' ');
  }

  private void comment() {
    Matcher executed = EXECUTED.matcher(text).region(at, text.length());
    if (executedFrom < 0 && executed.lookingAt() && isCode(executed)) {
      executedFrom = at;
      mark(executed.end());
      return;
    }
    int end = text.indexOf("*/", at + 2);
    if (end < 0) {
      problems.add(new Lexed.Problem(at, "This comment is not closed."));
      skip(text.length());
    } else if (text.startsWith("/*+", at)) {
      // Hints act on the statement, so they stay in every slice.
      at = end + 2;
    } else {
      skip(end + 2);
    }
  }

  /** MariaDB skips what is meant for MySQL 5.7 and later; MySQL skips what is MariaDB's. */
  private boolean isCode(Matcher executed) {
    boolean mariadbOnly = !executed.group(1).isEmpty();
    if (engine == null) {
      return true;
    }
    if (engine == Engine.MYSQL) {
      return !mariadbOnly;
    }
    String version = executed.group(2);
    int number = version == null ? 0 : Integer.parseInt(version);
    return mariadbOnly || number < 50700 || number > 99999;
  }

  private void skip(int end) {
    comments.add(new Lexed.Comment(at, end));
    at = end;
  }

  private void mark(int end) {
    marks.add(new Token(Kind.MARK, text.substring(at, end), at));
    at = end;
  }

  private void add(Kind kind, int end) {
    tokens.add(new Token(kind, text.substring(at, end), at));
    at = end;
    statementOpen = kind != Kind.END;
  }

  private int quotedEnd(int from, String problem) {
    char quote = text.charAt(from);
    for (int i = from + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && quote != '`') {
        i++;
      } else if (c == quote) {
        if (i + 1 < text.length() && text.charAt(i + 1) == quote) {
          i++;
        } else {
          return i + 1;
        }
      }
    }
    problems.add(new Lexed.Problem(from, problem));
    return text.length();
  }

  private int variableEnd() {
    int end = at + 1;
    while (end < text.length() && text.charAt(end) == '@') {
      end++;
    }
    if (end < text.length() && "'\"`".indexOf(text.charAt(end)) >= 0) {
      return quotedEnd(end, "This name is not closed.");
    }
    while (end < text.length() && (isWordPart(text.charAt(end)) || text.charAt(end) == '.')) {
      if (isCustomDelimiter(end)) {
        break;
      }
      end++;
    }
    return end;
  }

  private boolean startsNumber(char c) {
    if (afterDot()) {
      return false;
    }
    return isDigit(c) || (c == '.' && at + 1 < text.length() && isDigit(text.charAt(at + 1)));
  }

  /** {@code t.1a} is a qualified name, not the number .1. */
  private boolean afterDot() {
    boolean dot = at > 0 && text.charAt(at - 1) == '.';
    boolean nameBefore = at > 0 && !tokens.isEmpty() && tokens.getLast().end() == at;
    return nameBefore && (dot || (text.charAt(at) == '.' && tokens.getLast().isName()));
  }

  private void number() {
    Matcher number = NUMBER.matcher(text).region(at, text.length());
    int end = number.lookingAt() ? number.end() : at + 1;
    boolean goesOn = end < text.length() && isWordPart(text.charAt(end));
    if (goesOn && !isCustomDelimiter(end)) {
      startWithDigit();
    } else {
      add(Kind.NUMBER, end);
    }
  }

  /** {@code 1a} is a name; {@code .5a} is nothing, but nothing must stop the lexer. */
  private void startWithDigit() {
    if (isDigit(text.charAt(at))) {
      word();
    } else {
      symbol();
    }
  }

  private void word() {
    int end = at;
    while (end < text.length() && isWordPart(text.charAt(end)) && !isCustomDelimiter(end)) {
      end++;
    }
    if (!statementOpen
        && text.substring(at, end).equalsIgnoreCase("DELIMITER")
        && text.substring(text.lastIndexOf('\n', at) + 1, at).isBlank()) {
      delimiterLine(end);
    } else {
      add(Kind.WORD, end);
    }
  }

  private boolean isCustomDelimiter(int position) {
    return !delimiter.equals(";") && text.startsWith(delimiter, position);
  }

  private void delimiterLine(int from) {
    int lineEnd = text.indexOf('\n', from);
    lineEnd = lineEnd < 0 ? text.length() : lineEnd;
    String[] words = text.substring(from, lineEnd).strip().split("\\s+");
    if (words[0].isEmpty()) {
      problems.add(new Lexed.Problem(at, "DELIMITER needs the new end mark behind it."));
    } else {
      delimiter = words[0];
    }
    skip(lineEnd);
  }

  private void symbol() {
    for (String symbol : LONG_SYMBOLS) {
      if (text.startsWith(symbol, at)) {
        add(Kind.SYMBOL, at + symbol.length());
        return;
      }
    }
    add(Kind.SYMBOL, at + Character.charCount(text.codePointAt(at)));
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isWordPart(char c) {
    return isDigit(c)
        || (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || c == '_'
        || c == '$'
        || c >= 0x80;
  }
}
