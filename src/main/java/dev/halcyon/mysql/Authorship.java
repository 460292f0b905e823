package dev.halcyon.mysql;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Place;
import dev.halcyon.sql.Directive;
import dev.halcyon.sql.Script;
import dev.halcyon.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which line of a change file a derived statement comes from. */
final class Authorship {
  private final List<Statement> statements;
  private final List<Directive> directives;

  private Authorship(List<Statement> statements, List<Directive> directives) {
    this.statements = statements;
    this.directives = directives;
  }

  static Authorship of(Script script) {
    return switch (script.form()) {
      case Script.Form.EndState endState ->
          new Authorship(endState.statements(), endState.directives());
      case Script.Form.AsWritten asWritten -> {
        var statements = new ArrayList<Statement>(asWritten.expand());
        statements.addAll(asWritten.contract());
        yield new Authorship(statements, asWritten.directives());
      }
    };
  }

  List<Statement> statements() {
    return statements;
  }

  /** The tables that the directives name. */
  List<String> directiveTables() {
    return directives.stream().flatMap(d -> tables(d).stream()).toList();
  }

  Finding ofStatement(
      String title, String table, String sql, Fault.Refused refused, Scratch scratch) {
    boolean trigger =
        StatementObjects.of(sql).elements().stream().anyMatch(e -> e.startsWith("trigger hal_"));
    if (trigger && directiveOf(table, sql).isPresent()) {
      return ofMapping(title, table, sql, refused, scratch);
    }
    return ServerWords.finding(
        ErrorCode.SERVER_REFUSED,
        placeOf(table),
        "The server refuses to " + title,
        refused,
        scratch);
  }

  Finding ofMapping(
      String title, String table, String sql, Fault.Refused refused, Scratch scratch) {
    Optional<Directive> directive = directiveOf(table, sql);
    return directive
        .map(
            d ->
                ServerWords.finding(
                    ErrorCode.MAPPING_INVALID,
                    d.place(),
                    "The server does not take " + words(d),
                    refused,
                    scratch))
        .orElseGet(
            () ->
                ServerWords.finding(
                    ErrorCode.MAPPING_INVALID,
                    placeOf(table),
                    "The server does not take the expressions of: " + title,
                    refused,
                    scratch));
  }

  /** A view or a trigger that no longer works; if it is one of ours, a mapping does not. */
  Finding ofDependent(
      String phase, String element, String table, Fault.Refused refused, Scratch scratch) {
    if (element.startsWith("trigger hal_") && directiveOf(table, "").isPresent()) {
      return ofMapping(element, table, "", refused, scratch);
    }
    return ServerWords.finding(
        ErrorCode.DEPENDENT_BREAKS,
        placeOf(table),
        "After " + phase + " " + element + " would be broken",
        refused,
        scratch);
  }

  private @Nullable Place placeOf(String table) {
    return statements.stream()
        .filter(s -> StatementObjects.words(s.text()).contains(table))
        .findFirst()
        .or(() -> statements.stream().findFirst())
        .map(Statement::place)
        .orElse(null);
  }

  /** Of several directives for the table, the one whose columns the statement names. */
  private Optional<Directive> directiveOf(String table, String sql) {
    List<Directive> own =
        directives.stream()
            .filter(d -> tables(d).stream().anyMatch(table::equalsIgnoreCase))
            .toList();
    Set<String> words = StatementObjects.words(sql);
    return own.stream()
        .filter(d -> words.containsAll(columns(d)))
        .findFirst()
        .or(() -> own.stream().findFirst());
  }

  private static List<String> tables(Directive directive) {
    return switch (directive) {
      case Directive.Fill fill -> List.of(fill.table());
      case Directive.Map map -> List.of(map.table());
      case Directive.Split split -> List.of(split.parent(), split.child());
      case Directive.Merge merge -> List.of(merge.child(), merge.parent());
      case Directive.Gate _, Directive.InPhase _, Directive.Allow _ -> List.of();
    };
  }

  private static List<String> columns(Directive directive) {
    return switch (directive) {
      case Directive.Fill fill -> List.of(fill.column());
      case Directive.Map map -> List.of(map.from(), map.to());
      case Directive.Split split -> split.columns();
      case Directive.Merge merge -> merge.columns();
      case Directive.Gate _, Directive.InPhase _, Directive.Allow _ -> List.of();
    };
  }

  private static String words(Directive directive) {
    return switch (directive) {
      case Directive.Fill fill ->
          "fill " + fill.table() + "." + fill.column() + " = " + fill.expression();
      case Directive.Map map ->
          "map "
              + map.table()
              + "."
              + map.from()
              + " -> "
              + map.to()
              + " up=\""
              + map.up()
              + "\" down=\""
              + map.down()
              + "\"";
      case Directive.Split split -> "split " + split.parent() + " -> " + split.child();
      case Directive.Merge merge -> "merge " + merge.child() + " -> " + merge.parent();
      case Directive.Gate _ -> "gate";
      case Directive.InPhase _ -> "phase";
      case Directive.Allow _ -> "allow";
    };
  }
}
