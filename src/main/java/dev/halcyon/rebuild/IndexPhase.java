package dev.halcyon.rebuild;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Index;
import dev.halcyon.mysql.Catalog;
import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.Session;
import dev.halcyon.mysql.SteadySession;
import dev.halcyon.sql.Sql;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Builds the indexes that were left off, sorted, in one statement, beside whatever else is done.
 * Nothing is applied meanwhile: a duplicate that a server meets while it catches up with changes
 * need not be one in the end. What is captured waits in memory, and beyond its bound in the
 * server's log. For one thread.
 */
final class IndexPhase implements AutoCloseable {
  static final String STEP = "index";

  private static final int DUPLICATE = 1062;
  private static final int SHOWN = 10;

  private final Work work;
  private final FutureTask<@Nullable Void> building = new FutureTask<>(this::build, null);
  private @Nullable Thread thread;
  private volatile boolean givenUp;

  /** The connection that builds, in the server; 0 before there is one. */
  private volatile long connection;

  IndexPhase(Work work) {
    this.work = work;
  }

  /** Begins, if an index is missing; until it has ended, {@link Work#held} holds. */
  void begin() {
    if (work.steadily(this::missing).isEmpty()) {
      return;
    }
    work.catchUp();
    thread = Thread.ofPlatform().daemon().name("halcyon-index").start(building);
    work.hold(this::running);
  }

  /**
   * @throws dev.halcyon.model.Failure the indexes cannot be built
   */
  private boolean running() {
    if (!building.isDone()) {
      return true;
    }
    try {
      var _ = building.get();
      return false;
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw work.failed(ErrorCode.STOPPED, "interrupted", null);
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(failure.getCause());
    }
  }

  /** A statement that nobody waits for any more would go on in the server, and lock the table. */
  @Override
  public void close() {
    var own = thread;
    if (own == null) {
      return;
    }
    givenUp = true;
    try {
      while (own.isAlive()) {
        if (connection != 0) {
          var _ = work.steadily(session -> session.kill(connection));
        }
        own.join(Duration.ofMillis(100));
      }
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
    }
  }

  private List<RebuildState.Deferred> missing(Session session) {
    var names = work.shapes().names();
    var there =
        Catalog.table(session, work.shapes().schema(), names.shadow()).orElseThrow().indexes();
    var known = there.stream().map(Index::name).toList();
    return work.state().deferred().stream().filter(i -> !known.contains(i.name())).toList();
  }

  /** An ALTER that lost its connection is ended first, and what is there then is looked at. */
  private void build() {
    var context = work.context();
    try (var own =
        new SteadySession(
            context.sessions(),
            "index " + work.shapes().names().table(),
            Modes::prepare,
            context.patience(),
            context.stopped())) {
      while (!givenUp) {
        try {
          connection = own.session().connectionId();
          var missing = missing(own.session());
          if (missing.isEmpty()) {
            return;
          }
          Modes.building(own.session());
          own.session().execute(alter(missing));
        } catch (Fault.Broken | Fault.OutcomeUnknown lost) {
          if (!givenUp) {
            own.reopen(lost);
          }
        } catch (Fault.Transient passing) {
          throw work.failed(ErrorCode.LOCK_WAIT, passing.detail(), passing);
        } catch (Fault.Refused refused) {
          if (refused.code() == DUPLICATE) {
            throw work.failed(
                ErrorCode.DATA_DOES_NOT_FIT, refused.detail() + duplicates(own.session()), refused);
          }
          throw work.refused(refused);
        }
      }
    }
  }

  private String alter(List<RebuildState.Deferred> missing) {
    return missing.stream()
        .map(index -> "ADD " + index.definition())
        .collect(
            Collectors.joining(
                ", ",
                "ALTER TABLE " + Sql.name(work.shapes().names().shadow()) + " ",
                ", ALGORITHM=INPLACE, LOCK=NONE"));
  }

  /** The keys of rows that a new unique index would not let stand side by side. */
  private String duplicates(Session session) {
    var text = new StringBuilder();
    for (var index : missing(session)) {
      if (index.unique() && !index.columns().isEmpty()) {
        var columns = Sql.names(index.columns());
        var keys =
            work.shapes().shadowKey().stream()
                .map(Sql::name)
                .collect(Collectors.joining(", ', ', ", "CONCAT(", ")"));
        var rows =
            session.query(
                ("SELECT GROUP_CONCAT(%s ORDER BY 1 SEPARATOR ' and ') FROM %s GROUP BY %s"
                        + " HAVING COUNT(*) > 1 AND %s LIMIT %d")
                    .formatted(
                        keys,
                        Sql.name(work.shapes().names().shadow()),
                        columns,
                        index.columns().stream()
                            .map(c -> Sql.name(c) + " IS NOT NULL")
                            .collect(Collectors.joining(" AND ")),
                        SHOWN));
        for (var row : rows) {
          text.append("; rows with the same ")
              .append(index.name())
              .append(": ")
              .append(row.string(1));
        }
      }
    }
    return text.toString();
  }
}
