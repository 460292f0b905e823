package dev.halcyon.rebuild;

import dev.halcyon.mysql.Chunk;
import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.SteadySession;
import dev.halcyon.mysql.TableKey;
import dev.halcyon.sql.Sql;
import java.time.Duration;
import java.util.concurrent.Callable;

/** Copies one chunk after the other on a connection of its own. For one thread at a time. */
final class Copier implements AutoCloseable {
  private static final int MOST_ATTEMPTS = 50;
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final Shapes shapes;
  private final RebuildContext context;
  private final SteadySession work;

  Copier(Shapes shapes, RebuildContext context) {
    this.shapes = shapes;
    this.context = context;
    this.work =
        new SteadySession(
            context.sessions(),
            "rebuild " + shapes.names().table(),
            session -> {
              Modes.prepare(session);
            },
            context.patience(),
            context.stopped());
  }

  /**
   * Copies the rows of a range that is in no shadow table yet.
   *
   * @return how long it took
   */
  Callable<Duration> copying(TableKey key, Chunk chunk) {
    return () -> {
      var table = shapes.names().table();
      var insert = shapes.insertFrom(table) + " WHERE " + key.condition(table, chunk.range());
      for (var attempt = 1; ; attempt++) {
        try {
          var start = System.nanoTime();
          if (attempt > 1) {
            removeHalf(key, chunk);
          }
          key.prepare(work.session());
          work.session().update(insert);
          return Duration.ofNanos(System.nanoTime() - start);
        } catch (Fault.Broken | Fault.OutcomeUnknown lost) {
          work.reopen(lost);
        } catch (Fault.Transient passing) {
          if (attempt == MOST_ATTEMPTS || context.stopped().getAsBoolean()) {
            throw passing;
          }
          Thread.sleep(PAUSE);
        }
      }
    };
  }

  /** A lost reply: the rows may have come through. */
  private void removeHalf(TableKey key, Chunk chunk) {
    var source = shapes.names().table();
    var shadow = shapes.names().shadow();
    work.session()
        .update(
            "DELETE d FROM %s AS d JOIN %s ON %s WHERE %s"
                .formatted(
                    Sql.name(shadow),
                    Sql.name(source),
                    shapes.sameKey(source, "d"),
                    key.condition(source, chunk.range())));
  }

  @Override
  public void close() {
    work.close();
  }
}
