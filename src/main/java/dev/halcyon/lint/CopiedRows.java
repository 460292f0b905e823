package dev.halcyon.lint;

import dev.halcyon.sql.Statement;
import dev.halcyon.sql.Token;
import java.util.List;

/** {@code INSERT … SELECT} from a table in use. */
record CopiedRows() implements Rule {
  @Override
  public String id() {
    return "H304";
  }

  @Override
  public String title() {
    return "INSERT … SELECT from a table in use";
  }

  @Override
  public void statement(StatementLook look) {
    boolean insert = look.statement() instanceof Statement.Insert;
    boolean create =
        look.statement() instanceof Statement.Other other
            && other.what().equals("CREATE TABLE … SELECT");
    boolean replace =
        look.statement() instanceof Statement.Other other && other.what().equals("REPLACE");
    if (insert || create || replace) {
      report(look);
    }
  }

  private void report(StatementLook look) {
    List<Token> tokens = look.tokens();
    for (int i = 0; i < tokens.size(); i++) {
      boolean fromTable =
          tokens.get(i).isWord("FROM")
              && i + 1 < tokens.size()
              && tokens.get(i + 1).isName()
              && !tokens.get(i + 1).isWord("DUAL");
      if (fromTable) {
        String table = tokens.get(i + 1).bare();
        look.warning(
            this,
            look.at(tokens.get(i + 1)),
            "The rows read from "
                + table
                + " stay locked until the end of the statement, all in one transaction.",
            "Let Halcyon copy in chunks: -- halcyon: split … or map …; or fill an added column.");
        return;
      }
    }
  }
}
