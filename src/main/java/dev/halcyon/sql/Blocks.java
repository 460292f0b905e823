package dev.halcyon.sql;

import dev.halcyon.sql.Token.Kind;
import java.util.List;
import java.util.Set;

/**
 * Counts the open blocks of a stored program's body. Only statements that can hold a body are
 * counted; for all others no block is ever open. Ask for rising indexes only.
 */
final class Blocks {
  private static final Set<String> PROGRAMS =
      Set.of("TRIGGER", "PROCEDURE", "FUNCTION", "EVENT", "PACKAGE");
  private static final Set<String> BEFORE_STATEMENT =
      Set.of("BEGIN", "THEN", "ELSE", "DO", "LOOP", "REPEAT", "ROW", "ATOMIC", "DETERMINISTIC");
  private static final Set<String> NO_CONDITION = Set.of("WHEN", "ELSE", "END");

  private final List<Token> tokens;
  private final int first;
  private final boolean program;
  private int next;
  private int depth;

  Blocks(List<Token> tokens, int first) {
    this.tokens = tokens;
    this.first = first;
    this.next = first;
    this.program = isProgram();
  }

  /** Whether a block is open before the token at this index. */
  boolean openAt(int index) {
    while (program && next < index) {
      count(next++);
    }
    return depth > 0;
  }

  private boolean isProgram() {
    if (word(first).equals("BEGIN") && word(first + 1).equals("NOT")) {
      return true;
    }
    if (!Set.of("CREATE", "ALTER").contains(word(first))) {
      return false;
    }
    for (int i = first + 1; i < tokens.size() && tokens.get(i).kind() != Kind.END; i++) {
      if (PROGRAMS.contains(word(i))) {
        return true;
      }
      if (Set.of("TABLE", "VIEW", "INDEX").contains(word(i))) {
        return false;
      }
    }
    return false;
  }

  private void count(int i) {
    // NEW.end is a column.
    boolean qualified = i > first && symbol(i - 1, ".");
    switch (qualified ? "" : word(i)) {
      case "BEGIN", "CASE" -> depth += word(i - 1).equals("END") ? 0 : 1;
      case "END" -> depth = Math.max(0, depth - 1);
      case "IF" -> depth += beginsStatement(i) && hasThen(i) ? 1 : 0;
      case "LOOP", "WHILE", "FOR" -> depth += beginsStatement(i) ? 1 : 0;
      case "REPEAT" -> depth += beginsStatement(i) && !symbol(i + 1, "(") ? 1 : 0;
      default -> {}
    }
  }

  private boolean beginsStatement(int i) {
    if (tokens.get(i - 1).kind() == Kind.END || symbol(i - 1, ":")) {
      return true;
    }
    return BEFORE_STATEMENT.contains(word(i - 1))
        || Set.of("FOLLOWS", "PRECEDES").contains(word(i - 2));
  }

  /** Tells {@code IF a THEN} from the function {@code IF(a, b, c)} inside a CASE. */
  private boolean hasThen(int i) {
    for (int j = i + 1; j < tokens.size() && tokens.get(j).kind() != Kind.END; j++) {
      if (tokens.get(j).isSymbol("(")) {
        j = Brackets.closing(tokens, j);
      } else if (word(j).equals("THEN")) {
        return true;
      } else if (NO_CONDITION.contains(word(j)) || symbol(j, ",")) {
        return false;
      }
    }
    return false;
  }

  private String word(int i) {
    return i >= first && i < tokens.size() && tokens.get(i).kind() == Kind.WORD
        ? tokens.get(i).upper()
        : "";
  }

  private boolean symbol(int i, String symbol) {
    return i < tokens.size() && tokens.get(i).isSymbol(symbol);
  }
}
