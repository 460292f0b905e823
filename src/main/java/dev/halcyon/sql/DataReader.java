package dev.halcyon.sql;

import dev.halcyon.model.Place;

/** Reads UPDATE and DELETE as far as working through the table in chunks needs it. */
final class DataReader {
  private final Cursor c;
  private final Place place;
  private final String text;

  DataReader(Cursor cursor, Place place, String text) {
    this.c = cursor;
    this.place = place;
    this.text = text;
  }

  Statement update() {
    c.expect("UPDATE");
    c.accept("LOW_PRIORITY");
    c.accept("IGNORE");
    if (c.seesSymbol("(")) {
      return other("UPDATE of several tables");
    }
    String table = c.target();
    if (c.sees("PARTITION")) {
      return other("UPDATE of a partition");
    }
    if (c.sees("FOR", "PORTION")) {
      return other("UPDATE FOR PORTION OF");
    }
    if (c.find("SET") < c.end() && severalTables()) {
      return other("UPDATE of several tables");
    }
    String alias = alias(table, "SET");
    c.expect("SET");
    String tail = tail("UPDATE");
    if (!tail.isEmpty()) {
      return other(tail);
    }
    int where = c.find("WHERE");
    if (where == c.at()) {
      throw c.notUnderstood();
    }
    return new Statement.Update(
        place, text, table, alias, c.slice(0, where), where < c.end() ? condition(where) : null);
  }

  Statement delete() {
    c.expect("DELETE");
    c.accept("LOW_PRIORITY");
    c.accept("QUICK");
    c.accept("IGNORE");
    if (c.sees("HISTORY")) {
      return other("DELETE HISTORY");
    }
    if (!c.accept("FROM")) {
      return other("DELETE from several tables");
    }
    String table = c.target();
    if (c.seesSymbol(",") || c.seesSymbol(".") || c.sees("USING")) {
      return other("DELETE from several tables");
    }
    if (c.sees("PARTITION")) {
      return other("DELETE from a partition");
    }
    if (c.sees("FOR", "PORTION")) {
      return other("DELETE FOR PORTION OF");
    }
    String tail = tail("DELETE");
    if (!tail.isEmpty()) {
      return other(tail);
    }
    String alias = c.done() ? table : alias(table, "WHERE");
    int where = c.at();
    if (!c.done()) {
      c.expect("WHERE");
    }
    return new Statement.Delete(
        place, text, table, alias, c.slice(0, where), where < c.end() ? condition(where) : null);
  }

  private boolean severalTables() {
    int set = c.find("SET");
    return c.nextComma() < set || c.find("JOIN", "STRAIGHT_JOIN", "ON") < set;
  }

  private String alias(String table, String before) {
    if (c.sees(before)) {
      return table;
    }
    c.accept("AS");
    return c.name();
  }

  /** The words to refuse by when the statement says how many rows or in which order; or empty. */
  private String tail(String verb) {
    int found = c.find("ORDER", "LIMIT", "RETURNING");
    if (found == c.end()) {
      return "";
    }
    String word = c.word(found).equals("ORDER") ? "ORDER BY" : c.word(found);
    return verb + " with " + word;
  }

  private String condition(int where) {
    if (where + 1 >= c.end()) {
      c.moveTo(c.end());
      throw c.notUnderstood();
    }
    return c.slice(where + 1, c.end());
  }

  private Statement other(String what) {
    return new Statement.Other(place, text, what);
  }
}
