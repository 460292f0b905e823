package dev.halcyon.backfill;

import dev.halcyon.mysql.Session;
import java.util.Optional;

/** Where a step's progress is kept: one row in the database that is worked on. */
public interface Checkpoints {
  /**
   * The newest checkpoint. Called inside a transaction, and must lock the row (FOR UPDATE): after a
   * lost reply it has to wait for a COMMIT that is still on its way.
   *
   * @return empty if the step has none yet
   */
  Optional<String> read(Session session);

  /**
   * Writes the checkpoint. Called inside the transaction of the work that it stands for.
   *
   * @param text opaque to the journal
   * @param rowsDone for people
   */
  void write(Session session, String text, long rowsDone);
}
