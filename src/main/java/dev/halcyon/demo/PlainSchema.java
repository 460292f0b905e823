package dev.halcyon.demo;

import dev.halcyon.mysql.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Compares the schema with one that plain SQL has brought to the same end. */
final class PlainSchema {
  private static final String PLAIN = Workshop.SCHEMA + "_plain";

  private PlainSchema() {}

  /**
   * @param session on the schema that was changed
   * @return one line for each difference
   */
  static List<String> differences(Session session) {
    var here = session.schema();
    session.execute("CREATE DATABASE " + PLAIN + " " + Workshop.CHARACTERS);
    try {
      session.execute("USE " + PLAIN);
      WorkedExample.createTables(session);
      WorkedExample.changeInPlainSql(session);
      var wanted = objects(session);
      session.execute("USE " + here);
      return compare(wanted, objects(session));
    } finally {
      session.execute("USE " + here);
      session.execute("DROP DATABASE " + PLAIN);
    }
  }

  private static List<String> compare(List<String> wanted, List<String> found) {
    var differences = new ArrayList<String>();
    for (var object : wanted) {
      if (!found.contains(object)) {
        differences.add("the schema lacks " + object);
      }
    }
    for (var object : found) {
      if (!wanted.contains(object)) {
        differences.add("the schema also has " + object);
      }
    }
    return differences;
  }

  /** Tables as the server prints them, and triggers; the version tables and the journal aside. */
  private static List<String> objects(Session session) {
    var objects = new ArrayList<String>();
    var tables =
        session.query(
            "SELECT table_name AS name FROM information_schema.tables"
                + " WHERE table_schema = DATABASE() ORDER BY table_name");
    for (var row : tables) {
      var name = row.string("name");
      if (!name.startsWith("halcyon_")) {
        var text = session.query("SHOW CREATE TABLE `" + name + "`").getFirst().stringOrNull(2);
        objects.add(Objects.toString(text, name).replaceAll(" AUTO_INCREMENT=\\d+", ""));
      }
    }
    session
        .query(
            "SELECT trigger_name AS name FROM information_schema.triggers"
                + " WHERE trigger_schema = DATABASE() ORDER BY trigger_name")
        .forEach(row -> objects.add("trigger " + row.string("name")));
    return objects;
  }
}
