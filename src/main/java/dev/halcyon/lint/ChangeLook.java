package dev.halcyon.lint;

import dev.halcyon.model.Finding;
import dev.halcyon.model.Place;
import dev.halcyon.model.Version;
import dev.halcyon.sql.Directive;
import dev.halcyon.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A change as the rules see it.
 *
 * @param version null for a repeatable file
 * @param file the name to quote when it is about no statement
 * @param endState its statements when phases are derived from them, else none
 * @param expand as written
 * @param contract as written
 * @param schema what is known at the moment; it goes on with each statement
 * @param accepted what the server has said of it
 * @param history what is known of its file
 */
record ChangeLook(
    @Nullable Version version,
    String file,
    List<Statement> endState,
    List<Statement> expand,
    List<Statement> contract,
    List<Directive> directives,
    KnownSchema schema,
    Target target,
    Accepted accepted,
    History history,
    Consumer<Finding> sink) {
  ChangeLook {
    endState = List.copyOf(endState);
    expand = List.copyOf(expand);
    contract = List.copyOf(contract);
    directives = List.copyOf(directives);
  }

  Stream<Statement> statements() {
    return Stream.of(endState, expand, contract).flatMap(List::stream);
  }

  /** Whether a table is created by this very change, so that no version uses it yet. */
  boolean creates(String table) {
    return statements()
        .anyMatch(s -> s instanceof Statement.CreateTable c && c.table().equalsIgnoreCase(table));
  }

  /** Whether the change drops the view or gives it a new text. */
  boolean redefines(String view) {
    return statements()
        .anyMatch(
            s ->
                (s instanceof Statement.CreateView c && c.view().equalsIgnoreCase(view))
                    || (s instanceof Statement.DropView d && d.view().equalsIgnoreCase(view)));
  }

  boolean fills(String table, String column) {
    return of(Directive.Fill.class)
        .anyMatch(f -> f.table().equalsIgnoreCase(table) && f.column().equalsIgnoreCase(column));
  }

  Optional<Directive.Map> mapFrom(String table, String column) {
    return of(Directive.Map.class)
        .filter(m -> m.table().equalsIgnoreCase(table) && m.from().equalsIgnoreCase(column))
        .findFirst();
  }

  Optional<Directive.Map> mapTo(String table, String column) {
    return of(Directive.Map.class)
        .filter(m -> m.table().equalsIgnoreCase(table) && m.to().equalsIgnoreCase(column))
        .findFirst();
  }

  /** Whether a split takes the column away, or a merge adds it. */
  boolean moves(String table, String column) {
    return of(Directive.Split.class)
            .filter(s -> s.parent().equalsIgnoreCase(table))
            .anyMatch(s -> s.columns().stream().anyMatch(column::equalsIgnoreCase))
        || of(Directive.Merge.class)
            .filter(m -> m.parent().equalsIgnoreCase(table))
            .anyMatch(m -> m.columns().stream().anyMatch(column::equalsIgnoreCase));
  }

  /** Whether a split or merge keeps the rows of this child. */
  boolean mirrors(String table) {
    return of(Directive.Split.class).anyMatch(s -> s.child().equalsIgnoreCase(table))
        || of(Directive.Merge.class).anyMatch(m -> m.child().equalsIgnoreCase(table));
  }

  boolean gated() {
    return of(Directive.Gate.class).findAny().isPresent();
  }

  Optional<Directive.InPhase> phase() {
    return of(Directive.InPhase.class).findFirst();
  }

  private <T extends Directive> Stream<T> of(Class<T> kind) {
    return directives.stream().filter(kind::isInstance).map(kind::cast);
  }

  void error(Rule rule, Place place, String message, String remedy) {
    sink.accept(Finding.error(rule.id(), place, message, remedy));
  }

  void warning(Rule rule, Place place, String message, String remedy) {
    sink.accept(Finding.warning(rule.id(), place, message, remedy));
  }

  void information(Rule rule, Place place, String message, String remedy) {
    sink.accept(Finding.information(rule.id(), place, message, remedy));
  }
}
