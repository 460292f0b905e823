package dev.halcyon.demo;

import dev.halcyon.mysql.Session;
import java.util.List;
import java.util.StringJoiner;

/** The schema and the change: addresses move from columns of users to a table of their own. */
final class WorkedExample {
  static final String FILE = "V1__addresses.sql";

  private static final String USERS =
      """
      CREATE TABLE users (
        id INT(11) NOT NULL AUTO_INCREMENT,
        username VARCHAR(20) NOT NULL,
        address_line_1 VARCHAR(100),
        address_line_2 VARCHAR(100),
        PRIMARY KEY (id)
      )""";
  private static final String DIRECTIVE =
      "-- halcyon: split users(address_line_1, address_line_2) -> addresses by user_id keep=first";
  private static final List<String> CHANGE =
      List.of(
          """
          CREATE TABLE addresses (
            id INT(11) NOT NULL AUTO_INCREMENT,
            user_id INT NOT NULL,
            address_line_1 VARCHAR(100),
            address_line_2 VARCHAR(100),
            PRIMARY KEY (id),
            KEY (user_id),
            FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
          )""",
          "ALTER TABLE users DROP COLUMN address_line_1, DROP COLUMN address_line_2");

  private static final int ROWS_AT_ONCE = 500;

  private WorkedExample() {}

  /** The change file: the end state in plain SQL, and one line that says what SQL cannot. */
  static String changeFile() {
    return DIRECTIVE + "\n" + String.join(";\n", CHANGE) + ";\n";
  }

  static void createTables(Session session) {
    session.execute(USERS);
  }

  /** What a user of plain SQL would type, with everyone waiting. */
  static void changeInPlainSql(Session session) {
    CHANGE.forEach(session::execute);
  }

  /** Users 1 and following, four in five with an address; all of them stand in the ledger. */
  static void fill(Session session, int users, Ledger ledger) {
    for (int from = 1; from <= users; from += ROWS_AT_ONCE) {
      var rows = new StringJoiner(", ");
      for (int user = from; user < from + ROWS_AT_ONCE && user <= users; user++) {
        var lines = user % 5 == 0 ? Lines.NONE : new Lines(ledger.street(), null);
        var street = lines.equals(Lines.NONE) ? "NULL" : "'" + lines.first() + "'";
        rows.add("(%d, 'user %d', %s, NULL)".formatted(user, user, street));
        ledger.opened(Account.opened(user, lines));
      }
      session.execute(
          "INSERT INTO users (id, username, address_line_1, address_line_2) VALUES " + rows);
    }
  }
}
