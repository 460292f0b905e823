package dev.halcyon.deploy;

import dev.halcyon.backfill.Checkpoints;
import dev.halcyon.journal.Journal;
import dev.halcyon.model.Phase;
import dev.halcyon.model.Version;
import dev.halcyon.mysql.Session;
import java.util.Optional;

/** The checkpoint of one step in the journal. */
record JournalCheckpoints(Journal journal, Version version, Phase phase, String stepId)
    implements Checkpoints {

  @Override
  public Optional<String> read(Session session) {
    return journal.checkpoint(session, version, stepId);
  }

  @Override
  public void write(Session session, String text, long rowsDone) {
    journal.checkpoint(session, version, phase, stepId, text, rowsDone);
  }
}
