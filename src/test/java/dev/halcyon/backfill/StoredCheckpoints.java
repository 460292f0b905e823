package dev.halcyon.backfill;

import dev.halcyon.mysql.Session;
import dev.halcyon.testing.Database;
import java.util.Optional;

/** A row of a table, as the journal keeps it. */
final class StoredCheckpoints implements Checkpoints {
  private StoredCheckpoints() {}

  static StoredCheckpoints create(Database database) {
    database.execute(
        "CREATE TABLE checkpoints (id INT PRIMARY KEY, text TEXT, done BIGINT NOT NULL)",
        "INSERT INTO checkpoints VALUES (1, NULL, 0)");
    return new StoredCheckpoints();
  }

  @Override
  public Optional<String> read(Session session) {
    return session
        .first("SELECT text FROM checkpoints WHERE id = 1 FOR UPDATE")
        .filter(row -> !row.isNull("text"))
        .map(row -> row.string("text"));
  }

  @Override
  public void write(Session session, String text, long rowsDone) {
    session.update("UPDATE checkpoints SET text = ?, done = ? WHERE id = 1", text, rowsDone);
  }
}
