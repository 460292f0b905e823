package dev.halcyon.lint;

import dev.halcyon.model.Finding;
import dev.halcyon.model.Place;
import dev.halcyon.sql.Token;
import dev.halcyon.sql.Touches;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A query of the application as the rules see it.
 *
 * @param begin where its text begins
 * @param touches the tables and columns that it names
 * @param pending what becomes of the schema that it relies on
 */
record QueryLook(
    Place begin,
    String text,
    List<Token> tokens,
    Touches touches,
    Pending pending,
    Target target,
    Consumer<Finding> sink) {
  QueryLook {
    tokens = List.copyOf(tokens);
  }

  /** The change that alters the list of columns of a table that the query names. */
  Optional<Pending.Reshaped> reshaped() {
    return pending.reshaped().stream()
        .filter(r -> touches.tables().stream().anyMatch(t -> t.table().equalsIgnoreCase(r.table())))
        .findFirst();
  }

  Place at(int offset) {
    return StatementLook.at(begin, text, offset);
  }

  Place at(Token token) {
    return at(token.start());
  }

  void error(Rule rule, Place place, String message, String remedy) {
    sink.accept(Finding.error(rule.id(), place, message, remedy));
  }

  void warning(Rule rule, Place place, String message, String remedy) {
    sink.accept(Finding.warning(rule.id(), place, message, remedy));
  }
}
