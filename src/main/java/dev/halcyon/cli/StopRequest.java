package dev.halcyon.cli;

import dev.halcyon.model.ExitStatus;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C and a polite kill. The run is asked to stop at its next safe point, and the process waits
 * for that, within bounds: whatever remains undone, the same command takes up again.
 *
 * <p>Thread-safe.
 */
final class StopRequest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean requested;

  /** Whether the run should end at its next safe point. */
  boolean requested() {
    return requested;
  }

  /** Lets the process end: the command has said all that it has to say. */
  void end() {
    ended.countDown();
  }

  /** Installs the handler for the life of this process. */
  void listen(Console console, String line) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(console, line), "halcyon-stop"));
  }

  /** Runs when the process is told to end, also by its own ordinary exit. */
  private void stop(Console console, String line) {
    if (ended.getCount() == 0) {
      return;
    }
    requested = true;
    console
        .err()
        .println(
            "\nstopping at the next safe point, within "
                + PATIENCE.toSeconds()
                + " s; the same command goes on from there: "
                + line);
    try {
      if (!ended.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        console
            .err()
            .println(
                "no safe point was reached; a statement may still be running on the server. "
                    + "Nothing is lost: the journal knows where to go on.");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(ExitStatus.FAILED.code());
  }
}
