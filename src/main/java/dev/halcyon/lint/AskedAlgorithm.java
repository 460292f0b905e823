package dev.halcyon.lint;

import dev.halcyon.sql.Statement;
import dev.halcyon.sql.Token;
import java.util.List;
import java.util.Set;

/** A file that asks for an algorithm or a lock under which writers wait. */
record AskedAlgorithm() implements Rule {
  private static final Set<String> BLOCKING = Set.of("COPY", "SHARED", "EXCLUSIVE", "DEFAULT");

  @Override
  public String id() {
    return "H202";
  }

  @Override
  public String title() {
    return "ALGORITHM or LOCK that lets writers wait";
  }

  @Override
  public void statement(StatementLook look) {
    if (!(look.statement() instanceof Statement.AlterTable)) {
      return;
    }
    List<Token> tokens = look.tokens();
    for (int i = 0; i < tokens.size(); i++) {
      if (tokens.get(i).isWord("ALGORITHM") || tokens.get(i).isWord("LOCK")) {
        int value = i + 1 < tokens.size() && tokens.get(i + 1).isSymbol("=") ? i + 2 : i + 1;
        if (value < tokens.size() && BLOCKING.contains(tokens.get(value).upper())) {
          report(look, tokens.get(i), tokens.get(value).upper());
        }
      }
    }
  }

  private void report(StatementLook look, Token word, String value) {
    look.warning(
        this,
        look.at(word),
        word.upper()
            + "="
            + value
            + (value.equals("DEFAULT")
                ? " lets the server fall back to copying the table without a word."
                : " lets writers wait until it is done.")
            + " Halcyon leaves it out and takes the lightest that the server accepts in rehearsal.",
        "Leave ALGORITHM and LOCK out.");
  }
}
