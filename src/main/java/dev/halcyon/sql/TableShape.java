package dev.halcyon.sql;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads the server's own {@code SHOW CREATE TABLE} text, so that two states of a table compare part
 * by part. It expects what MySQL and MariaDB print, not what people write: every item is named.
 */
public final class TableShape {
  private static final Set<String> KEY_HEADS =
      Set.of("PRIMARY", "UNIQUE", "KEY", "FULLTEXT", "SPATIAL", "VECTOR");

  private final String text;
  private final List<Token> tokens;
  private final Lexed lexed;
  private final String table;
  private final int bodyOpen;
  private final int bodyClose;

  private TableShape(String showCreate) {
    lexed = Lexer.lex(showCreate);
    text = showCreate;
    tokens = lexed.tokens();
    int open = 0;
    while (open < tokens.size() && !tokens.get(open).isSymbol("(")) {
      open++;
    }
    int close = Brackets.closing(tokens, open);
    if (open == 0 || close == tokens.size() || !tokens.getFirst().isWord("CREATE")) {
      throw new IllegalArgumentException("not the text of SHOW CREATE TABLE: " + showCreate);
    }
    bodyOpen = open;
    bodyClose = close;
    table = tokens.get(open - 1).bare();
  }

  /**
   * Every part of the table with its text: {@code table t} ("present"), {@code column t.c}, {@code
   * key t.PRIMARY}, {@code constraint t.fk} (FOREIGN KEY and CHECK), {@code period t.SYSTEM_TIME},
   * {@code options t} without the AUTO_INCREMENT counter, {@code partitions t}.
   *
   * @throws IllegalArgumentException when the text is not that of a table
   */
  public static SortedMap<String, String> elements(String showCreate) {
    return new TableShape(showCreate).elements();
  }

  /** The names of the columns in their order. */
  public static List<String> columnOrder(String showCreate) {
    var shape = new TableShape(showCreate);
    return shape.items().stream()
        .filter(i -> shape.head(i).equals("column"))
        .map(i -> shape.tokens.get(i.from).bare())
        .toList();
  }

  /** Tokens of one item of the table's body, {@code to} exclusive. */
  private record Item(int from, int to) {}

  private SortedMap<String, String> elements() {
    var result = new TreeMap<String, String>();
    result.put("table " + table, "present");
    for (Item item : items()) {
      String head = head(item);
      result.put(head + " " + table + "." + name(item, head), itemText(item, head));
    }
    int partitions = partitions();
    int end = text.stripTrailing().length();
    String options = withoutCounter(bodyClose + 1, partitions);
    result.put("options " + table, options);
    if (partitions < tokens.size()) {
      result.put("partitions " + table, text.substring(startOf(partitions), end).strip());
    }
    return Collections.unmodifiableSortedMap(result);
  }

  private List<Item> items() {
    var items = new ArrayList<Item>();
    int from = bodyOpen + 1;
    for (int i = from; i <= bodyClose; i++) {
      if (tokens.get(i).isSymbol("(")) {
        i = Brackets.closing(tokens, i);
      } else if (i == bodyClose || tokens.get(i).isSymbol(",")) {
        items.add(new Item(from, i));
        from = i + 1;
      }
    }
    return items;
  }

  private String head(Item item) {
    Token first = tokens.get(item.from);
    if (first.kind() != Token.Kind.WORD) {
      return "column";
    }
    String word = first.upper();
    if (KEY_HEADS.contains(word)) {
      return "key";
    }
    return switch (word) {
      case "CONSTRAINT", "CHECK", "FOREIGN" -> "constraint";
      case "PERIOD" -> "period";
      default -> "column";
    };
  }

  private String name(Item item, String head) {
    if (head.equals("column")) {
      return tokens.get(item.from).bare();
    }
    if (tokens.get(item.from).isWord("PRIMARY")) {
      return "PRIMARY";
    }
    int i = item.from + 1;
    while (i < item.to && Set.of("KEY", "INDEX", "FOR").contains(tokens.get(i).upper())) {
      i++;
    }
    return i < item.to && tokens.get(i).isName() ? tokens.get(i).bare() : itemText(item, head);
  }

  private String itemText(Item item, String head) {
    int from = head.equals("column") ? tokens.get(item.from).end() : startOf(item.from);
    return text.substring(from, tokens.get(item.to).start()).strip();
  }

  /** The first token of PARTITION BY, or the number of tokens when there is none. */
  private int partitions() {
    for (int i = bodyClose + 1; i + 1 < tokens.size(); i++) {
      if (tokens.get(i).isWord("PARTITION") && tokens.get(i + 1).isWord("BY")) {
        return i;
      }
    }
    return tokens.size();
  }

  /** Where the token begins, or the executed comment that it opens. */
  private int startOf(int index) {
    int start = tokens.get(index).start();
    int floor = index == 0 ? 0 : tokens.get(index - 1).end();
    for (Token mark : lexed.marks()) {
      if (mark.start() >= floor && mark.start() < start && mark.text().startsWith("/*")) {
        return mark.start();
      }
    }
    return start;
  }

  private String withoutCounter(int from, int to) {
    int begin = tokens.get(from - 1).end();
    int end = to < tokens.size() ? startOf(to) : text.length();
    for (int i = from; i + 2 < to; i++) {
      if (tokens.get(i).isWord("AUTO_INCREMENT") && tokens.get(i + 1).isSymbol("=")) {
        String before = text.substring(begin, tokens.get(i).start()).strip();
        String after = text.substring(tokens.get(i + 2).end(), end).strip();
        return (before + " " + after).strip();
      }
    }
    return text.substring(begin, end).strip();
  }
}
