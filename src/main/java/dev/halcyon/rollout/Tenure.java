package dev.halcyon.rollout;

import dev.halcyon.journal.Journal;
import dev.halcyon.journal.Lease;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The lease of the schema and the journal under it. Phases of the schema take the lease themselves,
 * so it is given back for as long as they work. For one thread.
 */
final class Tenure implements AutoCloseable {
  private final RolloutSettings settings;
  private @Nullable Lease lease;
  private @Nullable Journal journal;

  private Tenure(RolloutSettings settings) {
    this.settings = settings;
  }

  /**
   * @throws dev.halcyon.model.Refusal HAL-601 when another run holds the lease, HAL-120 before init
   */
  static Tenure open(RolloutSettings settings) {
    var tenure = new Tenure(settings);
    tenure.take();
    return tenure;
  }

  Lease lease() {
    return Objects.requireNonNull(lease, "the lease is given back");
  }

  ReleaseTable table() {
    return new ReleaseTable(
        Objects.requireNonNull(journal, "the lease is given back"), lease(), who());
  }

  /** Gives the lease back, works, and takes it again; not after a failure. */
  <T> T without(Supplier<T> work) {
    close();
    T result = work.get();
    take();
    return result;
  }

  private String who() {
    return settings.holder().user() + "@" + settings.holder().host();
  }

  private void take() {
    var taken =
        Lease.acquire(
            settings.server(), settings.holder(), settings.leaseTimes(), settings.events());
    lease = taken;
    journal = new Journal(taken, who(), settings.journalWrites());
  }

  @Override
  public void close() {
    var closing = lease;
    var closingJournal = journal;
    lease = null;
    journal = null;
    if (closing != null && closingJournal != null) {
      try (closing;
          closingJournal) {
        // The lease goes last.
      }
    }
  }
}
