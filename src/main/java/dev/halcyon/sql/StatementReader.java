package dev.halcyon.sql;

import dev.halcyon.model.Finding;
import dev.halcyon.model.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Tells the kind of a statement by its first words and reads what the kind needs. */
final class StatementReader {
  /** Nouns that name a statement together with the verb before them. */
  private static final Set<String> NOUNS =
      Set.of(
          "AGGREGATE",
          "DATA",
          "DATABASE",
          "EVENT",
          "FUNCTION",
          "INDEX",
          "PACKAGE",
          "PASSWORD",
          "PROCEDURE",
          "RESOURCE",
          "ROLE",
          "SCHEMA",
          "SEQUENCE",
          "SERVER",
          "TABLE",
          "TABLES",
          "TABLESPACE",
          "TRANSACTION",
          "TRIGGER",
          "USER",
          "VIEW",
          "XML");

  private final Cursor c;
  private final Place place;
  private final String text;

  private StatementReader(Passage passage, List<Finding> findings) {
    c = new Cursor(passage, 0, passage.tokens().size(), findings);
    place = passage.file().place(passage.start());
    text = passage.text();
  }

  static Statement read(Passage passage, List<Finding> findings) {
    var reader = new StatementReader(passage, findings);
    try {
      return reader.statement();
    } catch (NotUnderstood stop) {
      String what = reader.naming();
      return reader.other(what + ", not understood at " + stop.getMessage());
    }
  }

  private Statement other(String what) {
    return new Statement.Other(place, text, what);
  }

  private Statement statement() {
    return switch (c.word(0)) {
      case "ALTER" -> alter();
      case "CREATE" -> create();
      case "DROP" -> drop();
      case "RENAME" -> rename();
      case "INSERT" -> insert();
      case "UPDATE" -> new DataReader(c, place, text).update();
      case "DELETE" -> new DataReader(c, place, text).delete();
      default -> other(naming());
    };
  }

  /** {@code TRUNCATE TABLE}, {@code CREATE USER}: the words to name the statement by. */
  private String naming() {
    if (c.word(0).isEmpty()) {
      return "a statement that begins with \"" + c.token(0).text() + "\"";
    }
    var what = new StringBuilder(c.word(0));
    if (c.word(1).equals("TEMPORARY")) {
      what.append(" TEMPORARY");
    }
    for (int i = 1; i < c.end() && !c.token(i).isSymbol("("); i++) {
      if (NOUNS.contains(c.word(i))) {
        return what.append(' ').append(c.word(i)).toString();
      }
      if (i >= 2 && !c.word(0).equals("CREATE")) {
        break;
      }
    }
    return what.toString();
  }

  private Statement alter() {
    c.expect("ALTER");
    c.accept("ONLINE");
    if (c.sees("IGNORE")) {
      return other("ALTER IGNORE TABLE");
    }
    if (!c.accept("TABLE")) {
      return other(naming());
    }
    c.accept("IF", "EXISTS");
    String table = c.target();
    waiting();
    return new Statement.AlterTable(place, text, table, AlterReader.read(c));
  }

  private void waiting() {
    if (!c.accept("NOWAIT") && c.accept("WAIT")) {
      c.moveTo(c.at() + 1);
    }
  }

  private Statement create() {
    c.expect("CREATE");
    boolean orReplace = c.accept("OR", "REPLACE");
    if (c.sees("TABLE")) {
      return orReplace ? other("CREATE OR REPLACE TABLE") : createTable();
    }
    int noun = c.find("TABLE", "VIEW", "TRIGGER", "PROCEDURE", "FUNCTION", "EVENT", "INDEX");
    int first = c.at();
    c.moveTo(noun);
    return switch (c.word(noun)) {
      case "VIEW" -> {
        c.expect("VIEW");
        c.accept("IF", "NOT", "EXISTS");
        yield new Statement.CreateView(place, text, c.target(), orReplace);
      }
      case "TRIGGER" -> createTrigger();
      case "PROCEDURE", "FUNCTION", "EVENT" -> createRoutine();
      case "INDEX" -> {
        c.moveTo(first);
        yield orReplace ? other("CREATE OR REPLACE INDEX") : createIndex();
      }
      default -> other(naming());
    };
  }

  private Statement createTable() {
    c.expect("TABLE");
    c.accept("IF", "NOT", "EXISTS");
    String table = c.target();
    boolean inBrackets = c.seesSymbol("(") && c.word(c.at() + 1).equals("SELECT");
    int query = c.find("SELECT", "WITH", "VALUES", "TABLE");
    return inBrackets || isQuery(query)
        ? other("CREATE TABLE … SELECT")
        : new Statement.CreateTable(place, text, table);
  }

  /** VALUES belongs to partitions too, WITH to system versioning. */
  private boolean isQuery(int index) {
    return switch (c.word(index)) {
      case "SELECT", "TABLE" -> true;
      case "WITH" -> c.word(index + 2).equals("AS");
      case "VALUES" -> c.word(index + 1).equals("ROW");
      default -> false;
    };
  }

  private Statement createTrigger() {
    c.expect("TRIGGER");
    c.accept("IF", "NOT", "EXISTS");
    String trigger = c.target();
    if (!c.acceptAny("BEFORE", "AFTER") || !c.acceptAny("INSERT", "UPDATE", "DELETE")) {
      throw c.notUnderstood();
    }
    c.expect("ON");
    return new Statement.CreateTrigger(place, text, trigger, c.target());
  }

  private Statement createRoutine() {
    String kind = c.word(c.at());
    c.expect(kind);
    c.accept("IF", "NOT", "EXISTS");
    String name = c.target();
    boolean loadable = kind.equals("FUNCTION") && c.sees("RETURNS");
    return loadable
        ? other("CREATE FUNCTION … SONAME")
        : new Statement.CreateRoutine(place, text, kind, name);
  }

  private Statement createIndex() {
    int kindFrom = c.at();
    boolean unique = c.accept("UNIQUE");
    String kind = c.accept("FULLTEXT") ? "FULLTEXT" : c.accept("SPATIAL") ? "SPATIAL" : "BTREE";
    if (c.sees("VECTOR")) {
      return other("CREATE VECTOR INDEX");
    }
    c.expect("INDEX");
    c.accept("IF", "NOT", "EXISTS");
    String head = "ADD " + c.slice(kindFrom, c.at());
    String name = c.name();
    int usingFrom = c.at();
    if (c.acceptAny("USING", "TYPE")) {
      c.name();
    }
    String using = c.slice(usingFrom, c.at());
    c.expect("ON");
    String table = c.target();
    waiting();
    int parts = c.at();
    c.skipBrackets();
    int options = c.find("ALGORITHM", "LOCK");
    String definition =
        String.join(" ", head, Sql.name(name), using, c.slice(parts, options)).replace("  ", " ");
    c.moveTo(options);
    AlterReader.concurrencyAtEnd(c);
    var clause = new AlterClause.AddIndex(place, definition, name, unique, kind);
    return new Statement.AlterTable(place, text, table, List.of(clause));
  }

  private Statement drop() {
    c.expect("DROP");
    String noun = c.word(c.at());
    return switch (noun) {
      case "TABLE", "TABLES" -> dropTable();
      case "INDEX" -> dropIndex();
      case "VIEW", "TRIGGER", "PROCEDURE", "FUNCTION", "EVENT" -> dropNamed(noun);
      default -> other(naming());
    };
  }

  private Statement dropTable() {
    c.acceptAny("TABLE", "TABLES");
    boolean ifExists = c.accept("IF", "EXISTS");
    var tables = new ArrayList<String>();
    do {
      tables.add(c.target());
    } while (c.acceptSymbol(","));
    waiting();
    c.acceptAny("RESTRICT", "CASCADE");
    c.expectEnd();
    return new Statement.DropTable(place, text, tables, ifExists);
  }

  private Statement dropIndex() {
    c.expect("INDEX");
    boolean ifExists = c.accept("IF", "EXISTS");
    String index = c.name();
    c.expect("ON");
    String table = c.target();
    waiting();
    AlterReader.concurrencyAtEnd(c);
    String clauseText = "DROP INDEX " + (ifExists ? "IF EXISTS " : "") + Sql.name(index);
    AlterClause clause =
        index.equalsIgnoreCase("PRIMARY")
            ? new AlterClause.Other(place, "DROP PRIMARY KEY", "DROP PRIMARY KEY")
            : new AlterClause.DropIndex(place, clauseText, index);
    return new Statement.AlterTable(place, text, table, List.of(clause));
  }

  private Statement dropNamed(String noun) {
    c.expect(noun);
    c.accept("IF", "EXISTS");
    String name = c.target();
    if (c.seesSymbol(",")) {
      return other("DROP " + noun + " of several at once");
    }
    c.acceptAny("RESTRICT", "CASCADE");
    c.expectEnd();
    return switch (noun) {
      case "VIEW" -> new Statement.DropView(place, text, name);
      case "TRIGGER" -> new Statement.DropTrigger(place, text, name);
      default -> new Statement.DropRoutine(place, text, noun, name);
    };
  }

  private Statement rename() {
    c.expect("RENAME");
    if (!c.acceptAny("TABLE", "TABLES")) {
      return other(naming());
    }
    c.accept("IF", "EXISTS");
    String from = c.target();
    waiting();
    c.expect("TO");
    String to = c.target();
    if (c.seesSymbol(",")) {
      return other("RENAME TABLE of several tables at once");
    }
    c.expectEnd();
    return new Statement.RenameTable(place, text, from, to);
  }

  private Statement insert() {
    c.expect("INSERT");
    c.acceptAny("LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY");
    c.accept("IGNORE");
    c.accept("INTO");
    return new Statement.Insert(place, text, c.target());
  }
}
