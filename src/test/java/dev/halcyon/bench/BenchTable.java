package dev.halcyon.bench;

import dev.halcyon.testing.Database;

/**
 * A table of about 200 bytes a row with two secondary indexes, in the middle of a column rename:
 * the new column is there and empty. It is made anew for every measurement, so that each finds the
 * pages equally full.
 */
record BenchTable(Database database, long rows) {
  /** What the planner writes for a rename. */
  static final String UPDATE =
      "UPDATE `orders` SET `amount` = `amount_cents` / 100"
          + " WHERE {range} AND NOT (`amount` <=> `amount_cents` / 100)";

  private static final String ON_INSERT =
      "CREATE TRIGGER hal_1_orders_bi BEFORE INSERT ON orders FOR EACH ROW"
          + " SET NEW.amount = NEW.amount_cents / 100";

  private static final String ON_UPDATE =
      """
      CREATE TRIGGER hal_1_orders_bu BEFORE UPDATE ON orders FOR EACH ROW
      IF NOT (NEW.amount_cents <=> OLD.amount_cents) THEN
        SET NEW.amount = NEW.amount_cents / 100;
      ELSEIF NOT (NEW.amount <=> OLD.amount) AND NOT (NEW.amount <=> NEW.amount_cents / 100) THEN
        SET NEW.amount_cents = ROUND(NEW.amount * 100);
      END IF
      """;

  /** Writes the rows that every measurement begins with. */
  void create() {
    database.execute(
        """
        CREATE TABLE source (
          id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
          customer INT NOT NULL,
          placed DATETIME NOT NULL,
          reference VARCHAR(40) NOT NULL,
          note VARCHAR(200) NOT NULL,
          amount_cents INT NOT NULL,
          amount DECIMAL(12,2) NULL,
          KEY customer (customer),
          KEY reference (reference))
        """,
        "CREATE TABLE checkpoints (id INT PRIMARY KEY, text TEXT, done BIGINT NOT NULL)",
        "INSERT INTO checkpoints VALUES (1, NULL, 0)",
        insert("VALUES (1, 1, '2024-01-01', 'first', 'first', 1)"));
    var have = 1L;
    while (have < rows) {
      var more = Math.min(Math.min(have, 100_000), rows - have);
      database.execute(
          insert(
              "SELECT id + %d, (id * 7919) %% 100003, '2024-01-01' + INTERVAL id SECOND,"
                      .formatted(have)
                  + " CONCAT('ref-', MD5(id + %d)), RPAD(MD5(id), 100, 'n'), id %% 1000000"
                      .formatted(have)
                  + " FROM source WHERE id <= %d".formatted(more)));
      have += more;
    }
  }

  /** The table as it is after expand. */
  void fresh(boolean withTriggers) {
    database.execute(
        "DROP TABLE IF EXISTS orders",
        "CREATE TABLE orders LIKE source",
        "INSERT INTO orders SELECT * FROM source",
        "UPDATE checkpoints SET text = NULL, done = 0");
    if (withTriggers) {
      database.execute(ON_INSERT, ON_UPDATE);
    }
    database.execute("ANALYZE TABLE orders", "RESET MASTER", "FLUSH TABLES");
  }

  /** Rows that are not filled as they should be. */
  long wrong() {
    return Long.parseLong(
        database.value("SELECT COUNT(*) FROM orders WHERE NOT (amount <=> amount_cents / 100)"));
  }

  private static String insert(String rows) {
    return "INSERT INTO source (id, customer, placed, reference, note, amount_cents) " + rows;
  }
}
