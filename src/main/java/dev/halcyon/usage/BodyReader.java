package dev.halcyon.usage;

import dev.halcyon.sql.Mentions;
import dev.halcyon.sql.Token;
import dev.halcyon.sql.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What the body of a trigger or a routine names: every column that it mentions of every table that
 * it mentions. More than one statement at a time cannot be read more closely.
 */
final class BodyReader {
  /** With these a body runs what is not written in it. */
  private static final Set<String> DYNAMIC = Set.of("PREPARE", "EXECUTE");

  private static final Set<String> WRITING =
      Set.of("INSERT", "UPDATE", "DELETE", "REPLACE", "LOAD");

  private static final Set<String> BEHIND_INSERT =
      Set.of("LOW_PRIORITY", "HIGH_PRIORITY", "DELAYED", "IGNORE", "INTO");

  private final Programs programs;

  BodyReader(Programs programs) {
    this.programs = programs;
  }

  /**
   * What a body names.
   *
   * @param writes whether it may write into tables, whose triggers then act
   * @param views that it mentions, and so with {@code routines}
   */
  record Named(Use use, boolean writes, List<String> views, List<String> routines) {}

  /**
   * @param ofTable the table that a trigger belongs to, whose name it need not mention; else empty
   */
  Named read(String body, String ofTable) {
    var mentions = Mentions.of(body);
    var tokens = Tokens.of(body);
    if (!mentions.firstOf(DYNAMIC).isEmpty()) {
      return new Named(Use.ANYTHING, true, List.of(), List.of());
    }
    boolean everyColumn = everyColumn(tokens);
    var elements = new ArrayList<String>();
    for (var table : programs.tables().entrySet()) {
      var name = table.getKey();
      if (!mentions.name(name) && !name.equalsIgnoreCase(ofTable)) {
        continue;
      }
      if (mentions.name(name)) {
        elements.add(name.toLowerCase(Locale.ROOT));
      }
      boolean whole = mentions.name(name) && everyColumn;
      for (String column : table.getValue()) {
        if (whole || mentions.name(column)) {
          elements.add(Use.element(name, column));
        }
      }
    }
    return new Named(
        Use.of(elements),
        !mentions.firstOf(WRITING).isEmpty(),
        mentioned(programs.views(), mentions),
        mentioned(programs.routines(), mentions));
  }

  private static List<String> mentioned(Map<String, ?> all, Mentions mentions) {
    return all.keySet().stream().filter(name -> mentions.name(last(name))).toList();
  }

  static String last(String qualified) {
    return qualified.substring(qualified.indexOf('.') + 1);
  }

  private static boolean everyColumn(List<Token> tokens) {
    for (int i = 0; i < tokens.size(); i++) {
      var token = tokens.get(i);
      if (token.isSymbol("*") ? isStar(tokens, i) : naturalOrWhole(tokens, i)) {
        return true;
      }
    }
    return false;
  }

  /** Neither a product nor {@code COUNT(*)}. */
  private static boolean isStar(List<Token> tokens, int at) {
    if (at == 0) {
      return true;
    }
    var before = tokens.get(at - 1);
    return before.isSymbol(",")
        || before.isSymbol(".")
        || before.isWord("SELECT")
        || before.isWord("ALL")
        || before.isWord("DISTINCT");
  }

  private static boolean naturalOrWhole(List<Token> tokens, int at) {
    var token = tokens.get(at);
    if (token.isWord("NATURAL") || token.isWord("TABLE") || token.isWord("HANDLER")) {
      // A handler of conditions is declared: DECLARE CONTINUE HANDLER FOR.
      return !(token.isWord("HANDLER")
          && at + 1 < tokens.size()
          && tokens.get(at + 1).isWord("FOR"));
    }
    return (token.isWord("INSERT") || token.isWord("REPLACE")) && withoutColumns(tokens, at + 1);
  }

  private static boolean withoutColumns(List<Token> tokens, int from) {
    int at = from;
    if (at < tokens.size() && tokens.get(at).isSymbol("(")) {
      return false; // the function
    }
    while (at < tokens.size() && BEHIND_INSERT.contains(tokens.get(at).upper())) {
      at++;
    }
    at++;
    if (at + 1 < tokens.size() && tokens.get(at).isSymbol(".")) {
      at += 2;
    }
    return at < tokens.size() && !tokens.get(at).isSymbol("(") && !tokens.get(at).isWord("SET");
  }
}
