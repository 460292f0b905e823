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
  private volatile int status = ExitStatus.FAILED.code();
  private volatile boolean requested;

  /** Whether the run should end at its next safe point. */
  boolean requested() {
    return requested;
  }

  /**
   * Lets the process end: the command has said all that it has to say.
   *
   * @param exitStatus what the process ends with if it was asked to stop
   */
  void end(int exitStatus) {
    status = exitStatus;
    ended.countDown();
  }

  /** Installs the handler for the life of this process. */
  void listen(Console console, String line) {
    var told =
        "stopping at the next safe point, within "
            + PATIENCE.toSeconds()
            + " s; the same command goes on from there: "
            + line;
    var late =
        "no safe point was reached; a statement may still be running on the server. "
            + "Nothing is lost: the journal knows where to go on.";
    hook(() -> stop(console, told, PATIENCE, late));
  }

  /**
   * As {@link #listen}, for a command that ends only when it is asked to.
   *
   * @param told what is printed when it is
   * @param patience how long it may take to end
   * @param asked begins the end
   */
  void serve(Console console, String told, Duration patience, Runnable asked) {
    hook(
        () -> {
          if (ended.getCount() > 0) {
            asked.run();
          }
          stop(console, told, patience, "it does not end; so it is ended");
        });
  }

  private static void hook(Runnable task) {
    Runtime.getRuntime().addShutdownHook(new Thread(task, "halcyon-stop"));
  }

  /** Runs when the process is told to end, also by its own ordinary exit. */
  private void stop(Console console, String told, Duration patience, String late) {
    if (ended.getCount() == 0) {
      return;
    }
    requested = true;
    console.err().println("\n" + told);
    try {
      if (!ended.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        console.err().println(late);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(status);
  }
}
