package dev.halcyon.usage;

import dev.halcyon.sql.Sql;
import dev.halcyon.sql.Token;
import dev.halcyon.sql.Tokens;
import dev.halcyon.sql.TouchReader;
import dev.halcyon.sql.Touches;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Reads which tables and columns of a schema a statement uses, through views, triggers and routines
 * too. In doubt it is more rather than less; what cannot be read could be anything. Halcyon's own
 * statements use nothing, nor does a change of the schema.
 *
 * <p>Immutable and thread-safe.
 */
final class StatementReader {
  private static final Set<String> SERVERS =
      Set.of("information_schema", "performance_schema", "mysql", "sys");

  private static final String SCRATCH = "halcyon_scratch_";

  private static final Set<String> KINDS =
      Set.of(
          "TABLE",
          "VIEW",
          "TRIGGER",
          "PROCEDURE",
          "FUNCTION",
          "EVENT",
          "INDEX",
          "DATABASE",
          "SCHEMA",
          "USER",
          "ROLE",
          "SERVER",
          "TABLESPACE",
          "SEQUENCE",
          "PACKAGE",
          "LOGFILE",
          "INSTANCE",
          "RESOURCE",
          "SPATIAL");

  private final Programs programs;
  private final BodyReader bodies;

  StatementReader(Programs programs) {
    this.programs = programs;
    this.bodies = new BodyReader(programs);
  }

  /**
   * @param text literals may be question marks
   * @param whole whether nothing is missing at its end
   * @param inForce the schema that names without one mean; empty for none
   */
  Use read(String text, boolean whole, String inForce) {
    List<Token> tokens = Tokens.of(text);
    int prefix = prefix(tokens);
    if (prefix > 0) {
      return read(text.substring(tokens.get(prefix).start()), whole, inForce);
    }
    if (isOwn(tokens) || inForce.toLowerCase(Locale.ROOT).startsWith(SCRATCH)) {
      return Use.NONE;
    }
    if (isDefinition(tokens)) {
      return Use.NONE;
    }
    if (!whole) {
      return Use.ANYTHING;
    }
    boolean call = !tokens.isEmpty() && tokens.getFirst().isWord("CALL");
    if (call) {
      return called(tokens, inForce);
    }
    Touches touches = TouchReader.read(text);
    if (touches.tables().stream()
        .anyMatch(use -> Programs.isOurTable(use.table()) || ofScratch(use))) {
      return Use.NONE;
    }
    boolean writes = !tokens.isEmpty() && !tokens.getFirst().isWord("SELECT");
    var seen = new HashSet<String>();
    return reached(touches, inForce, writes, seen).and(calls(tokens, seen));
  }

  /** Functions, their names in quotes or not, as the servers print all names. */
  private Use calls(List<Token> tokens, Set<String> seen) {
    var use = Use.NONE;
    for (int i = 0; i + 1 < tokens.size(); i++) {
      if (tokens.get(i).isName() && tokens.get(i + 1).isSymbol("(")) {
        String name = tokens.get(i).bare();
        for (String routine : programs.routines().keySet()) {
          boolean meant = BodyReader.last(routine).equalsIgnoreCase(name);
          use = meant ? use.and(routine(routine, seen)) : use;
        }
      }
    }
    return use;
  }

  /** Where the statement begins behind MariaDB's {@code SET STATEMENT … FOR}; else 0. */
  private static int prefix(List<Token> tokens) {
    if (tokens.size() > 2 && tokens.getFirst().isWord("SET") && tokens.get(1).isWord("STATEMENT")) {
      for (int i = 2; i + 1 < tokens.size(); i++) {
        if (tokens.get(i).isWord("FOR")) {
          return i + 1;
        }
      }
    }
    return 0;
  }

  private static boolean isOwn(List<Token> tokens) {
    return tokens.stream().anyMatch(t -> t.isName() && t.bare().equalsIgnoreCase(Sql.OWN_NAME));
  }

  private static boolean ofScratch(Touches.Use use) {
    return use.schema().map(s -> s.toLowerCase(Locale.ROOT).startsWith(SCRATCH)).orElse(false);
  }

  /** Of a schema's objects, other than a table that is filled by a query. */
  private static boolean isDefinition(List<Token> tokens) {
    if (tokens.isEmpty()) {
      return false;
    }
    if (tokens.getFirst().isWord("ALTER")) {
      return true;
    }
    if (!tokens.getFirst().isWord("CREATE")) {
      return false;
    }
    var kind = tokens.stream().filter(t -> KINDS.contains(t.upper())).findFirst();
    boolean query =
        tokens.stream().skip(1).anyMatch(t -> Set.of("SELECT", "VALUES").contains(t.upper()));
    return kind.isPresent() && !(kind.get().isWord("TABLE") && query);
  }

  private Use called(List<Token> tokens, String inForce) {
    if (tokens.size() < 2 || !tokens.get(1).isName()) {
      return Use.ANYTHING;
    }
    boolean qualified = tokens.size() > 3 && tokens.get(2).isSymbol(".");
    String schema = qualified ? tokens.get(1).bare() : inForce;
    String name = tokens.get(qualified ? 3 : 1).bare();
    if (SERVERS.contains(schema.toLowerCase(Locale.ROOT))) {
      return Use.NONE;
    }
    String routine = schema + "." + name;
    if (!programs.routines().containsKey(routine)) {
      // One of another schema whose text does not name this one.
      return schema.equalsIgnoreCase(programs.schema()) || schema.isEmpty()
          ? Use.ANYTHING
          : Use.NONE;
    }
    boolean query = tokens.stream().anyMatch(t -> t.isWord("SELECT"));
    return query ? Use.ANYTHING : calls(tokens, new HashSet<>());
  }

  private Use reached(Touches touches, String inForce, boolean writes, Set<String> seen) {
    if (touches.anything()) {
      return Use.ANYTHING;
    }
    var use = Use.NONE;
    for (var table : touches.tables()) {
      String schema = table.schema().orElse(inForce);
      use = use.and(view(schema + "." + table.table(), seen));
      if (schema.equalsIgnoreCase(programs.schema())) {
        use = use.and(columns(table));
        use = writes ? use.and(triggers(table.table(), seen)) : use;
      }
    }
    for (String routine : programs.routines().keySet()) {
      if (touches.calls(BodyReader.last(routine))) {
        use = use.and(routine(routine, seen));
      }
    }
    return use;
  }

  private Use columns(Touches.Use table) {
    var elements = new ArrayList<String>();
    elements.add(table.table().toLowerCase(Locale.ROOT));
    for (String column : programs.tables().getOrDefault(table.table(), Set.of())) {
      if (table.touches(column)) {
        elements.add(Use.element(table.table(), column));
      }
    }
    return Use.of(elements);
  }

  /** Everything that the view's text names, whichever of its columns are asked for. */
  private Use view(String name, Set<String> seen) {
    if (!programs.views().containsKey(name) || !seen.add("view " + name.toLowerCase(Locale.ROOT))) {
      return Use.NONE;
    }
    String text = programs.views().get(name);
    String schema = name.substring(0, name.indexOf('.'));
    return text == null ? Use.ANYTHING : reached(TouchReader.read(text), schema, false, seen);
  }

  private Use triggers(String table, Set<String> seen) {
    var use = Use.NONE;
    for (String body : programs.triggers().getOrDefault(table, Map.of()).values()) {
      if (seen.add("trigger " + body)) {
        use = use.and(body(body, table, seen));
      }
    }
    return use;
  }

  private Use routine(String name, Set<String> seen) {
    if (!seen.add("routine " + name.toLowerCase(Locale.ROOT))) {
      return Use.NONE;
    }
    String text = programs.routines().get(name);
    return text == null ? Use.ANYTHING : body(text, "", seen);
  }

  private Use body(String text, String ofTable, Set<String> seen) {
    var named = bodies.read(text, ofTable);
    var use = named.use();
    for (String element : named.use().elements()) {
      boolean written = named.writes() && !element.contains(".");
      use = written ? use.and(triggers(element, seen)) : use;
    }
    for (String view : named.views()) {
      use = use.and(view(view, seen));
    }
    for (String routine : named.routines()) {
      use = use.and(routine(routine, seen));
    }
    return use;
  }
}
