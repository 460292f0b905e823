package dev.halcyon.proxy;

import dev.halcyon.sql.StatementWords;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which commands of a session with autocommit are over with their answer: they open no transaction
 * and bind nothing. In doubt a command is none of them. A mistake is waited for and does no harm.
 */
final class Fleeting {
  /** Longer texts are not looked at. */
  static final int LONGEST = 8192;

  private static final Set<String> FIRST =
      Set.of(
          "SELECT",
          "INSERT",
          "UPDATE",
          "DELETE",
          "REPLACE",
          "WITH",
          "VALUES",
          "TABLE",
          "SET",
          "DO",
          "SHOW",
          "USE",
          "KILL",
          "DESCRIBE",
          "DESC",
          "EXPLAIN");

  /** Of statements that begin with another word, too: they lock, bind or call. */
  private static final Set<String> BINDING =
      Set.of("LOCK", "GET_LOCK", "TEMPORARY", "HANDLER", "XA", "PREPARE", "EXECUTE", "CALL");

  /** Sets it to something else than on. */
  private static final Pattern AUTOCOMMIT =
      Pattern.compile("AUTOCOMMIT`?\\s*:?=\\s*+(?!(1|ON|TRUE)\\b)", Pattern.CASE_INSENSITIVE);

  private Fleeting() {}

  /** Whether the command is of a kind that may be one, whatever its text. */
  static boolean isKind(int command) {
    return switch (command) {
      case 0x02, 0x03, 0x04, 0x09, 0x0c, 0x0e, 0x16, 0x17, 0x19, 0x1a, 0x1f, 0xfa -> true;
      default -> false;
    };
  }

  /**
   * @param text of one or more statements, in which strings end where they seem to
   */
  static boolean isText(String text) {
    if (text.length() > LONGEST) {
      return false;
    }
    var statements = StatementWords.of(text);
    return statements.stream().allMatch(Fleeting::isStatement)
        && (statements.stream().noneMatch(words -> words.getFirst().equals("SET"))
            || !AUTOCOMMIT.matcher(text).find());
  }

  private static boolean isStatement(List<String> words) {
    var first = words.getFirst();
    boolean nested = first.equals("SET") && words.contains("STATEMENT");
    return FIRST.contains(first) && !nested && words.stream().noneMatch(BINDING::contains);
  }
}
