package dev.halcyon.lint;

import dev.halcyon.sql.Statement;
import dev.halcyon.sql.Token;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code SELECT *}: what it gives changes with the table. */
record SelectStar() implements Rule {
  private static final Set<String> BEHIND = Set.of("FROM", "INTO", "UNION", "LIMIT");

  @Override
  public String id() {
    return "H501";
  }

  @Override
  public String title() {
    return "SELECT *";
  }

  @Override
  public void statement(StatementLook look) {
    if (look.statement() instanceof Statement.CreateView) {
      star(look.tokens())
          .ifPresent(
              t ->
                  look.warning(
                      this,
                      look.at(t),
                      "A view keeps the columns that the table had when it was made: a column that"
                          + " is added does not come, one that goes breaks it with error 1356.",
                      "Name the columns."));
    }
  }

  @Override
  public void query(QueryLook look) {
    Optional<Token> star = star(look.tokens());
    if (star.isEmpty()) {
      return;
    }
    Optional<Pending.Reshaped> reshaped = look.reshaped();
    if (reshaped.isPresent()) {
      look.error(
          this,
          look.at(star.get()),
          "The columns of "
              + reshaped.get().table()
              + " change with "
              + reshaped.get().by()
              + ", and with them what this query gives.",
          "Name the columns.");
    } else {
      look.warning(
          this,
          look.at(star.get()),
          "What this query gives changes when a column is added, dropped or moved.",
          "Name the columns.");
    }
  }

  /** A star that stands for columns, not for a product; EXISTS and COUNT look at none. */
  private static Optional<Token> star(List<Token> tokens) {
    for (int i = 1; i < tokens.size(); i++) {
      if (tokens.get(i).isSymbol("*") && standsForColumns(tokens, i) && !inExists(tokens, i)) {
        return Optional.of(tokens.get(i));
      }
    }
    return Optional.empty();
  }

  private static boolean standsForColumns(List<Token> tokens, int i) {
    Token before = tokens.get(i - 1);
    boolean begins =
        before.isSymbol(".")
            || before.isSymbol(",")
            || List.of(
                    "SELECT",
                    "ALL",
                    "DISTINCT",
                    "DISTINCTROW",
                    "SQL_NO_CACHE",
                    "SQL_CALC_FOUND_ROWS",
                    "STRAIGHT_JOIN")
                .stream()
                .anyMatch(before::isWord);
    boolean ends =
        i + 1 == tokens.size()
            || tokens.get(i + 1).isSymbol(",")
            || tokens.get(i + 1).isSymbol(")")
            || BEHIND.contains(tokens.get(i + 1).upper());
    return begins && ends;
  }

  private static boolean inExists(List<Token> tokens, int star) {
    return star >= 3
        && tokens.get(star - 1).isWord("SELECT")
        && tokens.get(star - 2).isSymbol("(")
        && tokens.get(star - 3).isWord("EXISTS");
  }
}
