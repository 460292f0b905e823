package dev.halcyon.lint;

import dev.halcyon.model.Place;
import dev.halcyon.sql.AlterClause;
import dev.halcyon.sql.Statement;
import dev.halcyon.sql.Token;
import dev.halcyon.sql.Tokens;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A statement of a change as the rules see it.
 *
 * @param tokens of its text
 */
record StatementLook(ChangeLook change, Moment moment, Statement statement, List<Token> tokens) {
  static StatementLook of(ChangeLook change, Moment moment, Statement statement) {
    return new StatementLook(change, moment, statement, Tokens.of(statement.text()));
  }

  StatementLook {
    tokens = List.copyOf(tokens);
  }

  KnownSchema schema() {
    return change.schema();
  }

  Target target() {
    return change.target();
  }

  boolean derived() {
    return moment == Moment.END_STATE;
  }

  boolean expand() {
    return moment == Moment.EXPAND;
  }

  boolean contract() {
    return moment == Moment.CONTRACT;
  }

  /** The table that an ALTER is about, if applications may use it already. */
  Optional<String> usedTable() {
    return statement instanceof Statement.AlterTable alter && !change.creates(alter.table())
        ? Optional.of(alter.table())
        : Optional.empty();
  }

  /** The clauses of an ALTER of a table that applications may use already. */
  List<AlterClause> clauses() {
    return statement instanceof Statement.AlterTable alter && usedTable().isPresent()
        ? alter.clauses()
        : List.of();
  }

  /** A column that keeps its name and gets a definition anew. */
  record Redefinition(Place place, String column, String definition) {}

  /** Of a table that applications may use already. */
  List<Redefinition> redefinitions() {
    return clauses().stream()
        .flatMap(
            clause ->
                clause instanceof AlterClause.ModifyColumn c
                    ? Stream.of(new Redefinition(c.place(), c.column(), c.definition()))
                    : clause instanceof AlterClause.ChangeColumn c
                            && c.from().equalsIgnoreCase(c.to())
                        ? Stream.of(new Redefinition(c.place(), c.from(), c.definition()))
                        : Stream.empty())
        .toList();
  }

  /** What is known of the altered table. */
  KnownTable table() {
    String name = statement instanceof Statement.AlterTable alter ? alter.table() : "";
    return schema().table(name).orElseGet(() -> KnownTable.unknown(name));
  }

  /** The place of a character of the statement's text. */
  Place at(int offset) {
    return at(statement.place(), statement.text(), offset);
  }

  Place at(Token token) {
    return at(token.start());
  }

  static Place at(Place begin, String text, int offset) {
    int line = begin.line();
    int lineStart = -1;
    for (int i = text.indexOf('\n'); i >= 0 && i < offset; i = text.indexOf('\n', i + 1)) {
      line++;
      lineStart = i;
    }
    int column =
        lineStart < 0
            ? begin.column() + text.codePointCount(0, offset)
            : text.codePointCount(lineStart, offset);
    return new Place(begin.file(), line, column);
  }

  void error(Rule rule, Place place, String message, String remedy) {
    change.error(rule, place, message, remedy);
  }

  void warning(Rule rule, Place place, String message, String remedy) {
    change.warning(rule, place, message, remedy);
  }

  void information(Rule rule, Place place, String message, String remedy) {
    change.information(rule, place, message, remedy);
  }
}
