package dev.halcyon.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.mysql.ConnectionSettings;
import dev.halcyon.mysql.Server;
import dev.halcyon.mysql.Session;
import dev.halcyon.progress.Event;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.util.List;
import java.util.Random;

/** The demonstration's checks find nothing where nothing is wrong, and what is wrong they find. */
class InspectionTest {
  private static final int USERS = 40;
  private static final int WORKS = 400;
  private static final String ADDRESSES =
      "CREATE TABLE addresses (id INT AUTO_INCREMENT PRIMARY KEY, user_id INT NOT NULL,"
          + " address_line_1 VARCHAR(100), address_line_2 VARCHAR(100), FOREIGN KEY (user_id)"
          + " REFERENCES users (id) ON DELETE CASCADE)";

  private final Ledger ledger = new Ledger();
  private final Tally tally = new Tally();

  @EngineTest
  void version1AloneIsAsAcknowledged(Database database) {
    try (var session = users(database)) {
      work(session, new OldApplication(ledger, tally, Shape.OLD));
      audit(session, Shape.OLD);
    }
    assertThat(tally.words()).isEmpty();
    assertThat(report().mismatches()).isZero();
    assertThat(tally.lost()).isZero();
  }

  @EngineTest
  void version2AloneIsAsAcknowledged(Database database) {
    try (var session = users(database)) {
      addresses(database);
      work(session, new NewApplication(ledger, tally, Shape.NEW));
      audit(session, Shape.NEW);
    }
    assertThat(tally.words()).isEmpty();
    assertThat(report().mismatches()).isZero();
    assertThat(tally.lost()).isZero();
  }

  /** As when sync triggers are missing. */
  @EngineTest
  void readsOfEitherVersionSeeThatShapesDiffer(Database database) {
    try (var session = users(database)) {
      addresses(database);
      work(session, new OldApplication(ledger, tally, Shape.BOTH));
      assertThat(report().mismatches()).isPositive();

      tally.begin("v2");
      work(session, new NewApplication(ledger, tally, Shape.BOTH));
      assertThat(tally.end().mismatches()).isPositive();
    }
  }

  @EngineTest
  void anAcknowledgedWriteThatIsGoneIsLost(Database database) {
    var losses =
        List.of(
            "UPDATE users SET address_line_1 = 'older' WHERE id = 7",
            "UPDATE users SET address_line_2 = 'else' WHERE id = 8",
            "DELETE FROM users WHERE id = 9");
    try (var session = users(database)) {
      database.execute(losses.toArray(String[]::new));
      audit(session, Shape.OLD);
      audit(session, Shape.OLD);
    }
    assertThat(tally.lost()).isEqualTo(3);
    assertThat(tally.words()).hasSize(3).allMatch(words -> words.startsWith("lost: user "));
  }

  @EngineTest
  void aFurtherAddressThatIsGoneIsLostAndAForeignOneIsSeen(Database database) {
    try (var session = users(database)) {
      addresses(database);
      work(session, new NewApplication(ledger, tally, Shape.NEW));
      database.execute(
          "DELETE FROM addresses WHERE id IN (SELECT id FROM (SELECT MAX(id) AS id FROM addresses"
              + " GROUP BY user_id HAVING COUNT(*) > 1) further)",
          "INSERT INTO users (id, username) VALUES (99999, 'nobody knows')");
      audit(session, Shape.NEW);
    }
    assertThat(tally.lost()).isPositive();
    assertThat(report().mismatches()).isEqualTo(1);
  }

  private Session users(Database database) {
    var session = open(database);
    WorkedExample.createTables(session);
    WorkedExample.fill(session, USERS, ledger);
    tally.begin("act");
    return session;
  }

  /** As a backfill would make them. */
  private static void addresses(Database database) {
    database.execute(
        ADDRESSES,
        "INSERT INTO addresses (user_id, address_line_1, address_line_2) SELECT id, address_line_1,"
            + " address_line_2 FROM users WHERE address_line_1 IS NOT NULL");
  }

  private void work(Session session, Application application) {
    var random = new Random(1);
    var measured = new Measured(session, tally);
    for (int i = 0; i < WORKS; i++) {
      var entry = new Entry(ledger);
      application.next(random).run(measured, entry);
      entry.acknowledge();
    }
  }

  private void audit(Session session, Shape shape) {
    tally.audit(new Inspection(ledger, shape).all(session::query, true));
  }

  private Event.ActFinished report() {
    return tally.end();
  }

  private static Session open(Database database) {
    var settings = new ConnectionSettings(database.url(), database.user(), database.password());
    return Server.connect(settings).open("demo test");
  }
}
