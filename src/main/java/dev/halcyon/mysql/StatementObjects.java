package dev.halcyon.mysql;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which objects a schema statement changes, read off its head.
 *
 * @param elements {@code table x}, {@code view x}, {@code trigger x}, {@code routine x}
 * @param tables whose rows or triggers the statement changes, the scratch copies of which are used
 *     up by it
 */
record StatementObjects(Set<String> elements, Set<String> tables) {
  private static final String NAME = "(`(?:[^`]|``)+`|[\\w$\\u0080-\\uffff]+)";
  private static final String DEFINER = "(?:DEFINER\\s*=\\s*\\S+\\s+)?";
  private static final String MAYBE = "(?:IF\\s+(?:NOT\\s+)?EXISTS\\s+)?";

  private static final Pattern ALTER_TABLE =
      head("ALTER\\s+(?:ONLINE\\s+|IGNORE\\s+)*TABLE\\s+" + MAYBE + NAME + "(.*)");
  private static final Pattern RENAME_TO = Pattern.compile("(?i)\\bRENAME\\s+(?:TO|AS)\\s+" + NAME);
  private static final Pattern CREATE_TABLE =
      head("CREATE\\s+(?:OR\\s+REPLACE\\s+)?TABLE\\s+" + MAYBE + NAME);
  private static final Pattern DROP_TABLE =
      head("DROP\\s+TABLE\\s+" + MAYBE + "(" + NAME + "(?:\\s*,\\s*" + NAME + ")*)");
  private static final Pattern RENAME_TABLE = head("RENAME\\s+TABLE\\s+(.*)");
  private static final Pattern INDEX_ON =
      head(
          "(?:CREATE\\s+(?:OR\\s+REPLACE\\s+)?(?:UNIQUE\\s+|FULLTEXT\\s+|SPATIAL\\s+)?|DROP\\s+)INDEX\\s+"
              + MAYBE
              + NAME
              + "(?:\\s+USING\\s+\\w+)?\\s+ON\\s+"
              + NAME);
  private static final Pattern CREATE_VIEW =
      head(
          "CREATE\\s+(?:OR\\s+REPLACE\\s+)?(?:ALGORITHM\\s*=\\s*\\w+\\s+)?"
              + DEFINER
              + "(?:SQL\\s+SECURITY\\s+\\w+\\s+)?VIEW\\s+"
              + MAYBE
              + NAME);
  private static final Pattern DROP_VIEW = head("DROP\\s+VIEW\\s+" + MAYBE + NAME);
  private static final Pattern CREATE_TRIGGER =
      head(
          "CREATE\\s+(?:OR\\s+REPLACE\\s+)?"
              + DEFINER
              + "TRIGGER\\s+"
              + MAYBE
              + NAME
              + "\\s+\\w+\\s+\\w+\\s+ON\\s+"
              + NAME);
  private static final Pattern DROP_TRIGGER = head("DROP\\s+TRIGGER\\s+" + MAYBE + NAME);
  private static final Pattern ROUTINE =
      head(
          "(?:CREATE\\s+(?:OR\\s+REPLACE\\s+)?"
              + DEFINER
              + "(?:AGGREGATE\\s+)?|DROP\\s+)(?:FUNCTION|PROCEDURE|EVENT)\\s+"
              + MAYBE
              + NAME);
  private static final Pattern ANY_NAME = Pattern.compile(NAME);

  StatementObjects {
    elements = Set.copyOf(elements);
    tables = Set.copyOf(tables);
  }

  /** One kind of statement, and how its objects are read off. */
  private record Head(Pattern pattern, Function<Matcher, StatementObjects> objects) {}

  private static final List<Head> HEADS =
      List.of(
          new Head(ALTER_TABLE, StatementObjects::altered),
          new Head(CREATE_TABLE, m -> ofTables(names(m.group(1)))),
          new Head(DROP_TABLE, m -> ofTables(names(m.group(1)))),
          new Head(INDEX_ON, m -> ofTables(names(m.group(2)))),
          new Head(RENAME_TABLE, StatementObjects::renamed),
          new Head(CREATE_VIEW, m -> of("view", m, Set.of())),
          new Head(DROP_VIEW, m -> of("view", m, Set.of())),
          new Head(CREATE_TRIGGER, m -> of("trigger", m, Set.of(bare(m.group(2))))),
          new Head(DROP_TRIGGER, m -> of("trigger", m, Set.of())),
          new Head(ROUTINE, m -> of("routine", m, Set.of())));

  /** Empty when the head is not one of a schema statement that Halcyon knows. */
  static StatementObjects of(String sql) {
    for (Head head : HEADS) {
      Matcher m = head.pattern.matcher(sql.strip());
      if (m.lookingAt()) {
        return head.objects.apply(m);
      }
    }
    return new StatementObjects(Set.of(), Set.of());
  }

  private static StatementObjects of(String kind, Matcher m, Set<String> tables) {
    return new StatementObjects(Set.of(kind + " " + bare(m.group(1))), tables);
  }

  private static StatementObjects ofTables(List<String> tables) {
    var elements = new LinkedHashSet<String>();
    tables.forEach(t -> elements.add("table " + t));
    return new StatementObjects(elements, new LinkedHashSet<>(tables));
  }

  private static StatementObjects altered(Matcher m) {
    var tables = names(m.group(1));
    Matcher rename = RENAME_TO.matcher(m.group(2));
    if (rename.find()) {
      tables.add(bare(rename.group(1)));
    }
    return ofTables(tables);
  }

  /** The names may be those of views. */
  private static StatementObjects renamed(Matcher m) {
    var names = names(m.group(1).replaceAll("(?i)(?<=[\\s`])TO(?=[\\s`])", ","));
    var elements = new LinkedHashSet<String>();
    for (String name : names) {
      elements.add("table " + name);
      elements.add("view " + name);
    }
    return new StatementObjects(elements, new LinkedHashSet<>(names));
  }

  /** The rows of a table. */
  static StatementObjects ofTable(String table) {
    return new StatementObjects(Set.of("table " + table), Set.of(table));
  }

  static boolean isAlterTable(String sql) {
    return ALTER_TABLE.matcher(sql.strip()).lookingAt();
  }

  /** Every word of the text that may be a name, so that what it mentions is copied too. */
  static Set<String> words(String sql) {
    var words = new TreeSet<String>(String.CASE_INSENSITIVE_ORDER);
    Matcher m = ANY_NAME.matcher(sql);
    while (m.find()) {
      words.add(bare(m.group(1)));
    }
    return words;
  }

  private static List<String> names(String list) {
    var names = new ArrayList<String>();
    Matcher m = ANY_NAME.matcher(list);
    while (m.find()) {
      names.add(bare(m.group(1)));
    }
    return names;
  }

  private static String bare(String name) {
    return name.startsWith("`") ? name.substring(1, name.length() - 1).replace("``", "`") : name;
  }

  private static Pattern head(String regex) {
    return Pattern.compile(regex, Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  }
}
