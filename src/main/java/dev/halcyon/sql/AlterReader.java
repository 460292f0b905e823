package dev.halcyon.sql;

import dev.halcyon.model.Finding;
import dev.halcyon.model.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the clauses of one {@code ALTER TABLE}, from behind the table's name. */
final class AlterReader {
  /** Words that go on naming a clause that no phase is derived for. */
  private static final Set<String> NAMING =
      Set.of(
          "BY",
          "CHARACTER",
          "COLUMN",
          "CONSTRAINT",
          "CHECK",
          "DIRECTORY",
          "INDEX",
          "KEY",
          "KEYS",
          "PARTITION",
          "PARTITIONING",
          "PERIOD",
          "PRIMARY",
          "SET",
          "SYSTEM",
          "TABLE",
          "TABLESPACE",
          "TO",
          "VALIDATION",
          "VECTOR",
          "VERSIONING");

  private final Cursor all;
  private final List<AlterClause> clauses = new ArrayList<>();

  private AlterReader(Cursor cursor) {
    this.all = cursor;
  }

  static List<AlterClause> read(Cursor cursor) {
    var reader = new AlterReader(cursor);
    while (!cursor.done()) {
      int end = reader.clauseEnd();
      reader.clause(cursor.part(cursor.at(), end));
      cursor.moveTo(end);
      if (cursor.acceptSymbol(",") && cursor.done()) {
        throw cursor.notUnderstood();
      }
    }
    return reader.clauses;
  }

  /** Lists of partitions and ORDER BY hold commas; PARTITION BY needs none before it. */
  private int clauseEnd() {
    boolean takesAll =
        all.sees("PARTITION", "BY")
            || all.sees("ORDER", "BY")
            || all.word(all.at() + 1).equals("PARTITION");
    if (takesAll) {
      return all.end();
    }
    int comma = all.nextComma();
    for (int i = all.at() + 1; i < comma; i++) {
      boolean partitions = all.word(i).equals("PARTITION") && all.word(i + 1).equals("BY");
      boolean removes = all.word(i).equals("REMOVE") && all.word(i + 1).equals("PARTITIONING");
      if (partitions || removes) {
        return i;
      }
    }
    return comma;
  }

  private void clause(Cursor c) {
    switch (c.word(c.at())) {
      case "ADD" -> add(c);
      case "DROP" -> clauses.add(drop(c));
      case "RENAME" -> clauses.add(rename(c));
      case "CHANGE" -> clauses.add(change(c));
      case "MODIFY" -> clauses.add(modify(c));
      case "ALTER" -> clauses.add(alter(c));
      case "ALGORITHM", "LOCK" -> concurrency(c);
      default -> clauses.add(other(c));
    }
  }

  private void add(Cursor c) {
    Place place = c.place(c.at());
    int from = c.at();
    c.expect("ADD");
    int element = c.at();
    c.accept("COLUMN");
    if (!c.seesSymbol("(")) {
      c.moveTo(element);
      clauses.add(element(c, place, c.slice(from, c.end())));
      return;
    }
    int close = c.closing();
    if (close != c.end() - 1) {
      throw c.notUnderstood();
    }
    c.acceptSymbol("(");
    while (c.at() < close) {
      int end = Math.min(c.nextComma(), close);
      Cursor part = c.part(c.at(), end);
      clauses.add(element(part, part.place(part.at()), "ADD " + part.slice(part.at(), end)));
      c.moveTo(end + 1);
    }
  }

  /** What stands behind ADD, or between the commas of its brackets. */
  private static AlterClause element(Cursor c, Place place, String text) {
    switch (c.word(c.at())) {
      case "INDEX", "KEY", "UNIQUE", "FULLTEXT", "SPATIAL" -> {
        return index(c, place, text, null);
      }
      case "CONSTRAINT", "FOREIGN", "CHECK", "PRIMARY" -> {
        return constraint(c, place, text);
      }
      case "PARTITION" -> {
        return new AlterClause.Other(place, text, "ADD PARTITION");
      }
      default -> {}
    }
    if (c.sees("VECTOR", "INDEX") || c.sees("VECTOR", "KEY")) {
      return new AlterClause.Other(place, text, "ADD VECTOR INDEX");
    }
    if (c.sees("PERIOD", "FOR") || c.sees("SYSTEM", "VERSIONING")) {
      return new AlterClause.Other(place, text, "ADD " + c.word(c.at()) + " " + c.word(c.at() + 1));
    }
    c.accept("COLUMN");
    c.accept("IF", "NOT", "EXISTS");
    String column = c.name();
    Definition definition = definition(c);
    return new AlterClause.AddColumn(place, text, column, definition.text, definition.position);
  }

  private static AlterClause index(Cursor c, Place place, String text, @Nullable String symbol) {
    boolean unique = c.accept("UNIQUE");
    String kind = c.accept("FULLTEXT") ? "FULLTEXT" : c.accept("SPATIAL") ? "SPATIAL" : "BTREE";
    c.acceptAny("INDEX", "KEY");
    c.accept("IF", "NOT", "EXISTS");
    boolean unnamed = c.seesSymbol("(") || c.sees("USING") || c.sees("TYPE");
    String name = unnamed ? symbol : c.name();
    if (c.acceptAny("USING", "TYPE")) {
      c.name();
    }
    c.skipBrackets();
    return new AlterClause.AddIndex(place, text, name, unique, kind);
  }

  private static AlterClause constraint(Cursor c, Place place, String text) {
    String symbol = null;
    if (c.accept("CONSTRAINT")) {
      c.accept("IF", "NOT", "EXISTS");
      boolean unnamed = Set.of("PRIMARY", "UNIQUE", "FOREIGN", "CHECK").contains(c.word(c.at()));
      symbol = unnamed ? null : c.name();
    }
    if (c.sees("UNIQUE")) {
      return index(c, place, text, symbol);
    }
    if (c.accept("FOREIGN", "KEY")) {
      return new AlterClause.AddForeignKey(place, text, symbol);
    }
    if (c.accept("PRIMARY", "KEY")) {
      return new AlterClause.Other(place, text, "ADD PRIMARY KEY");
    }
    c.expect("CHECK");
    c.skipBrackets();
    return new AlterClause.AddCheck(place, text, symbol);
  }

  private static AlterClause drop(Cursor c) {
    Place place = c.place(c.at());
    String text = c.slice(c.at(), c.end());
    int from = c.at();
    c.expect("DROP");
    if (c.acceptAny("INDEX", "KEY")) {
      c.accept("IF", "EXISTS");
      String index = last(c);
      return index.equalsIgnoreCase("PRIMARY")
          ? new AlterClause.Other(place, text, "DROP PRIMARY KEY")
          : new AlterClause.DropIndex(place, text, index);
    }
    if (c.accept("FOREIGN", "KEY")) {
      c.accept("IF", "EXISTS");
      return new AlterClause.DropForeignKey(place, text, last(c));
    }
    if (c.acceptAny("CONSTRAINT", "CHECK")) {
      c.accept("IF", "EXISTS");
      return new AlterClause.DropConstraint(place, text, last(c));
    }
    if (c.sees("PRIMARY", "KEY")
        || c.sees("PARTITION")
        || c.sees("PERIOD", "FOR")
        || c.sees("SYSTEM", "VERSIONING")) {
      return other(c.part(from, c.end()));
    }
    c.accept("COLUMN");
    c.accept("IF", "EXISTS");
    String column = c.name();
    c.acceptAny("RESTRICT", "CASCADE");
    c.expectEnd();
    return new AlterClause.DropColumn(place, text, column);
  }

  private static AlterClause rename(Cursor c) {
    Place place = c.place(c.at());
    String text = c.slice(c.at(), c.end());
    c.expect("RENAME");
    boolean column = c.accept("COLUMN");
    if (column || c.acceptAny("INDEX", "KEY")) {
      c.accept("IF", "EXISTS");
      String from = c.name();
      c.expect("TO");
      String to = last(c);
      return column
          ? new AlterClause.RenameColumn(place, text, from, to)
          : new AlterClause.RenameIndex(place, text, from, to);
    }
    if (!c.acceptAny("TO", "AS")) {
      c.acceptSymbol("=");
    }
    String to = c.target();
    c.expectEnd();
    return new AlterClause.RenameTable(place, text, to);
  }

  private static AlterClause change(Cursor c) {
    Place place = c.place(c.at());
    String text = c.slice(c.at(), c.end());
    c.expect("CHANGE");
    c.accept("COLUMN");
    c.accept("IF", "EXISTS");
    String from = c.name();
    String to = c.name();
    Definition definition = definition(c);
    return new AlterClause.ChangeColumn(
        place, text, from, to, definition.text, definition.position);
  }

  private static AlterClause modify(Cursor c) {
    Place place = c.place(c.at());
    String text = c.slice(c.at(), c.end());
    c.expect("MODIFY");
    c.accept("COLUMN");
    c.accept("IF", "EXISTS");
    String column = c.name();
    Definition definition = definition(c);
    return new AlterClause.ModifyColumn(place, text, column, definition.text, definition.position);
  }

  private static AlterClause alter(Cursor c) {
    Place place = c.place(c.at());
    String text = c.slice(c.at(), c.end());
    int from = c.at();
    c.expect("ALTER");
    if (c.acceptAny("INDEX", "KEY")) {
      c.accept("IF", "EXISTS");
      String index = c.name();
      boolean visible = c.acceptAny("VISIBLE") || c.accept("NOT", "IGNORED");
      if (!visible && !c.acceptAny("INVISIBLE", "IGNORED")) {
        throw c.notUnderstood();
      }
      c.expectEnd();
      return new AlterClause.SetIndexVisible(place, text, index, visible);
    }
    if (c.sees("CHECK") || c.sees("CONSTRAINT")) {
      return other(c.part(from, c.end()));
    }
    c.accept("COLUMN");
    c.accept("IF", "EXISTS");
    String column = c.name();
    if (c.accept("DROP", "DEFAULT")) {
      c.expectEnd();
      return new AlterClause.DropDefault(place, text, column);
    }
    c.expect("SET");
    if (c.accept("DEFAULT") && !c.done()) {
      return new AlterClause.SetDefault(place, text, column, c.slice(c.at(), c.end()));
    }
    return new AlterClause.Other(place, text, "ALTER COLUMN … SET " + c.word(c.at()));
  }

  /** The clauses at the end of CREATE INDEX and DROP INDEX, which stand without commas. */
  static void concurrencyAtEnd(Cursor c) {
    while (!c.done()) {
      int next = c.part(c.at() + 1, c.end()).find("ALGORITHM", "LOCK");
      concurrency(c.part(c.at(), next));
      c.moveTo(next);
    }
  }

  /** Halcyon chooses both itself, from what the server says in rehearsal. */
  private static void concurrency(Cursor c) {
    int from = c.at();
    boolean algorithm = c.accept("ALGORITHM");
    if (!algorithm) {
      c.expect("LOCK");
    }
    c.acceptSymbol("=");
    String value = last(c);
    if (algorithm && value.equalsIgnoreCase("COPY")) {
      c.report(
          Finding.information(
              "H202",
              c.place(from),
              "The file asks for ALGORITHM=COPY, which blocks writers; Halcyon leaves it out and"
                  + " takes the lightest algorithm that the server accepts.",
              "Leave ALGORITHM and LOCK out of change files."));
    }
  }

  private static AlterClause other(Cursor c) {
    if (c.word(c.at()).isEmpty()) {
      throw c.notUnderstood();
    }
    var what = new StringBuilder(c.word(c.at()));
    for (int i = c.at() + 1; i < c.at() + 4 && NAMING.contains(c.word(i)); i++) {
      what.append(' ').append(c.word(i));
    }
    return new AlterClause.Other(c.place(c.at()), c.slice(c.at(), c.end()), what.toString());
  }

  private static String last(Cursor c) {
    String name = c.name();
    c.expectEnd();
    return name;
  }

  private record Definition(String text, String position) {}

  private static Definition definition(Cursor c) {
    int end = c.end();
    String position = "";
    if (c.word(end - 1).equals("FIRST")) {
      position = "FIRST";
      end -= 1;
    } else if (c.word(end - 2).equals("AFTER") && c.token(end - 1).isName()) {
      position = "AFTER " + Sql.name(c.token(end - 1).bare());
      end -= 2;
    }
    if (c.at() >= end) {
      throw c.notUnderstood();
    }
    return new Definition(c.slice(c.at(), end), position);
  }
}
