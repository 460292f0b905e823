package dev.halcyon.lint;

import dev.halcyon.model.Column;
import dev.halcyon.sql.Statement;
import dev.halcyon.sql.Token;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A row whose number the server gives, in a change that may run on one server of a pair first. */
record AutoIncrementInsert() implements Rule {
  @Override
  public String id() {
    return "H402";
  }

  @Override
  public String title() {
    return "An INSERT that lets the server number the row";
  }

  @Override
  public void statement(StatementLook look) {
    if (!(look.statement() instanceof Statement.Insert insert)
        || look.change().creates(insert.table())) {
      return;
    }
    Optional<KnownTable> table = look.schema().whole(insert.table());
    Optional<Column> counter =
        table.stream().flatMap(t -> t.columns().stream()).filter(Column::autoIncrement).findFirst();
    Set<String> given = columns(look.tokens());
    if (counter.isPresent() && !given.isEmpty() && !given.contains(counter.get().name())) {
      look.warning(
          this,
          insert.place(),
          "The server gives "
              + insert.table()
              + "."
              + counter.get().name()
              + " its number. On a pair the other server's application may take the same one"
              + " meanwhile, and replication stops with error 1062.",
          "Give the number: a key that no application takes.");
    }
  }

  /** The columns between the first brackets, or those of SET. */
  private static Set<String> columns(List<Token> tokens) {
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    int depth = 0;
    boolean set = false;
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      if (token.isWord("VALUES") || token.isWord("VALUE") || token.isWord("SELECT")) {
        return names;
      }
      set |= token.isWord("SET");
      depth += token.isSymbol("(") ? 1 : token.isSymbol(")") ? -1 : 0;
      boolean assigned = set && i + 1 < tokens.size() && tokens.get(i + 1).isSymbol("=");
      if (token.isName() && (assigned || depth == 1)) {
        names.add(token.bare());
      }
    }
    return names;
  }
}
