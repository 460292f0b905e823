package dev.halcyon.lint;

import dev.halcyon.sql.Token;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** An INSERT that counts on the order and number of the table's columns. */
record InsertWithoutColumns() implements Rule {
  private static final Set<String> BEFORE_TABLE =
      Set.of("INSERT", "REPLACE", "LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY", "IGNORE", "INTO");
  private static final Set<String> VALUES = Set.of("VALUES", "VALUE", "SELECT", "WITH", "TABLE");

  @Override
  public String id() {
    return "H502";
  }

  @Override
  public String title() {
    return "INSERT without a list of columns";
  }

  @Override
  public void statement(StatementLook look) {
    values(look.tokens())
        .ifPresent(
            t ->
                look.warning(
                    this,
                    look.at(t),
                    "It fails with error 1136 once the table has another number of columns.",
                    "Name the columns: INSERT INTO t (a, b) …"));
  }

  @Override
  public void query(QueryLook look) {
    Optional<Token> values = values(look.tokens());
    if (values.isEmpty()) {
      return;
    }
    Optional<Pending.Reshaped> reshaped = look.reshaped();
    String remedy = "Name the columns: INSERT INTO t (a, b) …";
    if (reshaped.isPresent()) {
      look.error(
          this,
          look.at(values.get()),
          "The columns of "
              + reshaped.get().table()
              + " change with "
              + reshaped.get().by()
              + "; from then on it fails with error 1136.",
          remedy);
    } else {
      look.warning(
          this,
          look.at(values.get()),
          "It fails with error 1136 once the table has another number of columns.",
          remedy);
    }
  }

  /** The word behind the table where the columns should stand. */
  private static Optional<Token> values(List<Token> tokens) {
    boolean inserts = tokens.getFirst().isWord("INSERT") || tokens.getFirst().isWord("REPLACE");
    int i = 0;
    while (inserts && i < tokens.size() && BEFORE_TABLE.contains(tokens.get(i).upper())) {
      i++;
    }
    i++;
    if (i + 1 < tokens.size() && tokens.get(i).isSymbol(".")) {
      i += 2;
    }
    boolean missing =
        inserts
            && i < tokens.size()
            && (VALUES.contains(tokens.get(i).upper())
                || (tokens.get(i).isSymbol("(")
                    && i + 1 < tokens.size()
                    && VALUES.contains(tokens.get(i + 1).upper())));
    return missing ? Optional.of(tokens.get(i)) : Optional.empty();
  }
}
