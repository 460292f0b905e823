package dev.halcyon.demo;

import dev.halcyon.mysql.Row;
import dev.halcyon.mysql.Session;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A client's session that counts its statements and times them. For one thread at a time. */
final class Measured implements AutoCloseable {
  private final Session session;
  private final Tally tally;

  Measured(Session session, Tally tally) {
    this.session = session;
    this.tally = tally;
  }

  List<Row> query(String sql, @Nullable Object... arguments) {
    return timed(() -> session.query(sql, arguments));
  }

  /** Rows that were changed. */
  long update(String sql, @Nullable Object... arguments) {
    return timed(() -> session.update(sql, arguments));
  }

  /** The number that the server gave to the row that this session inserted last. */
  long inserted() {
    return query("SELECT LAST_INSERT_ID() AS id").getFirst().longValue("id");
  }

  /** Begin and commit count as statements. */
  void inTransaction(Runnable work) {
    var counters = tally.current();
    long[] since = {System.nanoTime()};
    session.inTransaction(
        () -> {
          counters.statement(System.nanoTime() - since[0]);
          work.run();
          since[0] = System.nanoTime();
        });
    counters.statement(System.nanoTime() - since[0]);
  }

  @Override
  public void close() {
    session.close();
  }

  private <T> T timed(Supplier<T> call) {
    var counters = tally.current();
    long begun = System.nanoTime();
    try {
      return call.get();
    } finally {
      counters.statement(System.nanoTime() - begun);
    }
  }
}
