package dev.halcyon.sql;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Place;
import java.util.List;

/** Reads the tokens of a statement, or of one clause of it, from left to right. */
final class Cursor {
  private final Passage passage;
  private final int end;
  private final List<Finding> findings;
  private int at;

  Cursor(Passage passage, int at, int end, List<Finding> findings) {
    this.passage = passage;
    this.at = at;
    this.end = end;
    this.findings = findings;
  }

  Cursor part(int from, int to) {
    return new Cursor(passage, from, to, findings);
  }

  int at() {
    return at;
  }

  int end() {
    return end;
  }

  void moveTo(int index) {
    at = index;
  }

  boolean done() {
    return at >= end;
  }

  Token token(int index) {
    return passage.tokens().get(index);
  }

  /** The keyword at this index in upper case; empty for anything but a word. */
  String word(int index) {
    return index >= 0 && index < end && token(index).kind() == Token.Kind.WORD
        ? token(index).upper()
        : "";
  }

  boolean sees(String... words) {
    for (int i = 0; i < words.length; i++) {
      if (!word(at + i).equals(words[i])) {
        return false;
      }
    }
    return true;
  }

  boolean seesSymbol(String symbol) {
    return at < end && token(at).isSymbol(symbol);
  }

  /** Passes over the words if they come next. */
  boolean accept(String... words) {
    if (!sees(words)) {
      return false;
    }
    at += words.length;
    return true;
  }

  boolean acceptAny(String... words) {
    for (String word : words) {
      if (accept(word)) {
        return true;
      }
    }
    return false;
  }

  boolean acceptSymbol(String symbol) {
    if (!seesSymbol(symbol)) {
      return false;
    }
    at++;
    return true;
  }

  void expect(String... words) {
    if (!accept(words)) {
      throw notUnderstood();
    }
  }

  void expectEnd() {
    if (!done()) {
      throw notUnderstood();
    }
  }

  /** A name that cannot carry a schema. */
  String name() {
    if (done() || !token(at).isName()) {
      throw notUnderstood();
    }
    return token(at++).bare();
  }

  /** The name of a table, view or program; one in another schema is a finding. */
  String target() {
    int first = at;
    String name = name();
    if (acceptSymbol(".")) {
      String schema = name;
      name = name();
      findings.add(
          Finding.error(
              ErrorCode.NOT_SUPPORTED.code(),
              place(first),
              "The statement names the schema \"" + schema + "\".",
              "A change works on the schema that Halcyon is pointed at; leave the schema out, or"
                  + " keep changes of other schemas in a folder of their own."));
    }
    return name;
  }

  void skipBrackets() {
    at = closing() + 1;
  }

  /** The index of the bracket that closes the one that comes next. */
  int closing() {
    int close = seesSymbol("(") ? Brackets.closing(passage.tokens(), at) : end;
    if (close >= end) {
      throw notUnderstood();
    }
    return close;
  }

  /** The first index from here that is a comma outside brackets, or the end. */
  int nextComma() {
    for (int i = at; i < end; i++) {
      if (token(i).isSymbol("(")) {
        i = Brackets.closing(passage.tokens(), i);
      } else if (token(i).isSymbol(",")) {
        return i;
      }
    }
    return end;
  }

  /** The first index from here that is one of the words outside brackets, or the end. */
  int find(String... words) {
    for (int i = at; i < end; i++) {
      if (token(i).isSymbol("(")) {
        i = Brackets.closing(passage.tokens(), i);
      } else if (List.of(words).contains(word(i)) && !(i > 0 && token(i - 1).isSymbol("."))) {
        return i;
      }
    }
    return end;
  }

  String slice(int from, int to) {
    return passage.slice(from, to);
  }

  Place place(int index) {
    return passage.file().place(passage.offset(index));
  }

  void report(Finding finding) {
    findings.add(finding);
  }

  NotUnderstood notUnderstood() {
    return new NotUnderstood(done() ? "its end" : "\"" + token(at).text() + "\"");
  }
}
