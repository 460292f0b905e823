package dev.halcyon.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.embedded.EmbeddedServer;
import dev.halcyon.progress.Event;
import dev.halcyon.progress.Events;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Takes a server away once, in the middle of a step of a run whose events it hears. It does so from
 * a thread of its own, while the run is at work.
 */
final class Outage implements Events, AutoCloseable {
  private static final int FROZEN_SECONDS = 3;
  private static final int PATIENCE_SECONDS = 90;

  /** How many chunks are done by then. */
  private static final int CHUNKS = 3;

  /** How the server goes. */
  enum Way {
    /** SIGKILL, and started again at once. */
    KILLED,
    /** SIGKILL, and not started again. */
    KILLED_FOR_LONG,
    /** In an orderly way, and started again at once. */
    STOPPED,
    /** SIGSTOP, and SIGCONT after some seconds. */
    FROZEN;

    void strike(EmbeddedServer server) throws InterruptedException {
      switch (this) {
        case KILLED -> {
          server.kill();
          server.restart();
        }
        case KILLED_FOR_LONG -> server.kill();
        case STOPPED -> {
          server.stop();
          server.restart();
        }
        case FROZEN -> {
          server.freeze();
          TimeUnit.SECONDS.sleep(FROZEN_SECONDS);
          server.thaw();
        }
      }
    }
  }

  /** When it goes. */
  enum Moment {
    /** While chunks are filled. */
    BACKFILL,
    /** While rows are compared. */
    VERIFY,
    /** While the statement that adds an index, of the change after that, is at work. */
    STATEMENT
  }

  private final EmbeddedServer server;
  private final Way way;
  private final Moment moment;
  private final CompletableFuture<Void> struck = new CompletableFuture<>();
  private final Thread thread = new Thread(this::strike, "outage");
  private String step = "";
  private int chunks;
  private boolean goneWhenStepEnded;
  private volatile boolean over;

  Outage(EmbeddedServer server, Way way, Moment moment) {
    this.server = server;
    this.way = way;
    this.moment = moment;
  }

  @Override
  public void on(Event event) {
    switch (event) {
      case Event.StepStarted started
          when moment == Moment.STATEMENT && started.title().contains("idx_label") ->
          begin(started.step());
      case Event.StepAdvanced advanced when advances(advanced.step()) -> {
        if (++chunks == CHUNKS) {
          begin(advanced.step());
        }
      }
      case Event.StepFinished finished when finished.step().equals(step) -> {
        goneWhenStepEnded = struck.isDone();
        over = true;
      }
      default -> {}
    }
  }

  /** It happened, and the step was not over before. */
  void assertHappened() {
    struck.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    assertThat(goneWhenStepEnded || way == Way.KILLED_FOR_LONG)
        .as("in the middle of " + step)
        .isTrue();
  }

  @Override
  public void close() {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean advances(String at) {
    return switch (moment) {
      case BACKFILL -> at.startsWith("expand");
      case VERIFY -> at.startsWith("verify");
      case STATEMENT -> false;
    };
  }

  private void begin(String at) {
    if (step.isEmpty()) {
      step = at;
      thread.start();
    }
  }

  private void strike() {
    try {
      if (moment == Moment.STATEMENT) {
        awaitStatement();
      }
      way.strike(server);
      struck.complete(null);
    } catch (InterruptedException | SQLException | RuntimeException e) {
      struck.completeExceptionally(e);
    }
  }

  private void awaitStatement() throws SQLException {
    try (var connection =
            DriverManager.getConnection(
                server.url("").replace("jdbc:mysql:", "jdbc:mariadb:") + "?sslMode=trust",
                server.user(),
                server.password());
        var statement = connection.createStatement()) {
      while (!over) {
        try (var found =
            statement.executeQuery(
                "SELECT id FROM information_schema.processlist"
                    + " WHERE info LIKE 'ALTER TABLE%ADD%idx!_label%' ESCAPE '!'")) {
          if (found.next()) {
            return;
          }
        }
      }
      throw new IllegalStateException("The statement was over before it was seen");
    }
  }
}
