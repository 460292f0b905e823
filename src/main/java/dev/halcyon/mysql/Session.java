package dev.halcyon.mysql;

import dev.halcyon.model.Engine;
import dev.halcyon.model.ServerVersion;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to the server. Every failure is a {@link Fault}. It never reconnects by itself: a
 * session that has lost its connection answers every further call with {@link Fault.Broken}.
 *
 * <p>For one thread at a time.
 */
public final class Session implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Session.class);

  /** A result with more rows is a mistake in Halcyon: what may be long is read in ranges. */
  static final int MOST_ROWS = 200_000;

  private static final int ALIVE_SECONDS = 5;
  private static final int UNKNOWN_THREAD = 1094;

  /** Of a statement, by KILL QUERY; or of the connection with it, when the server shuts down. */
  private static final int INTERRUPTED = 1317;

  private final Connection connection;
  private final Engine engine;
  private final ServerVersion version;
  private final long connectionId;
  private final LongAdder statements;
  private boolean inTransaction;

  Session(
      Connection connection,
      Engine engine,
      ServerVersion version,
      long connectionId,
      LongAdder statements) {
    this.connection = connection;
    this.engine = engine;
    this.version = version;
    this.connectionId = connectionId;
    this.statements = statements;
  }

  /**
   * All rows, held in memory at once. {@link IllegalStateException} when there are more than
   * 200,000: bound the statement by LIMIT or a range of keys.
   *
   * @param arguments stand in for the question marks: text, numbers, booleans, bytes, java.time
   *     values, null; with none given, a question mark is left to the server
   */
  public List<Row> query(String sql, @Nullable Object... arguments) {
    return run(
        sql,
        true,
        () -> {
          try (var call = Call.of(connection, sql, arguments)) {
            var rows = call.query(MOST_ROWS + 1);
            if (rows.size() > MOST_ROWS) {
              throw new IllegalStateException("more than " + MOST_ROWS + " rows of: " + sql);
            }
            return rows;
          }
        });
  }

  /** The first row, if there is one. The others are not read into memory. */
  public Optional<Row> first(String sql, @Nullable Object... arguments) {
    return run(
        sql,
        true,
        () -> {
          try (var call = Call.of(connection, sql, arguments)) {
            return call.query(1).stream().findFirst();
          }
        });
  }

  /**
   * Runs INSERT, UPDATE or DELETE.
   *
   * @return rows that were changed; a row that had the new values already does not count
   */
  public long update(String sql, @Nullable Object... arguments) {
    return run(
        sql,
        false,
        () -> {
          try (var call = Call.of(connection, sql, arguments)) {
            return call.update();
          }
        });
  }

  /** Runs one statement as it is, and drops its result if it has one: DDL, SET, LOCK TABLES. */
  public void execute(String sql) {
    var _ =
        run(
            sql,
            false,
            () -> {
              try (var call = Call.of(connection, sql)) {
                call.execute();
                return true;
              }
            });
  }

  /**
   * Begins, works, commits; rolls back when the work throws. A lost reply to COMMIT is {@link
   * Fault.OutcomeUnknown}; a connection lost before it is {@link Fault.Broken}, since the server
   * then rolls back. Transactions do not nest.
   */
  public <T> T inTransaction(Supplier<T> work) {
    if (inTransaction) {
      throw new IllegalStateException("transactions do not nest");
    }
    execute("START TRANSACTION");
    inTransaction = true;
    T result;
    try {
      result = work.get();
    } catch (RuntimeException | Error failure) {
      rollBack(failure);
      throw failure;
    }
    try {
      execute("COMMIT");
    } catch (Fault.Refused | Fault.Transient failure) {
      rollBack(failure);
      throw failure;
    } finally {
      inTransaction = false;
    }
    return result;
  }

  /** As {@link #inTransaction(Supplier)}. */
  public void inTransaction(Runnable work) {
    var _ =
        inTransaction(
            () -> {
              work.run();
              return true;
            });
  }

  /**
   * How long statements of this session wait for table and row locks.
   *
   * @param wait for each; the servers count whole seconds, so parts are rounded up
   */
  public void setLockWait(Duration wait) {
    setLockWait(wait, wait);
  }

  /** As {@link #setLockWait(Duration)}, with a wait of its own for rows. */
  void setLockWait(Duration tables, Duration rows) {
    execute(
        "SET SESSION lock_wait_timeout = "
            + wholeSeconds(tables)
            + ", SESSION innodb_lock_wait_timeout = "
            + wholeSeconds(rows));
  }

  private static long wholeSeconds(Duration wait) {
    return Math.max(1, (wait.toMillis() + 999) / 1000);
  }

  /**
   * Ends another connection.
   *
   * @return false if it was gone already
   */
  public boolean kill(long otherConnectionId) {
    try {
      execute("KILL " + otherConnectionId);
      return true;
    } catch (Fault.Refused refused) {
      if (refused.code() == UNKNOWN_THREAD) {
        return false;
      }
      throw refused;
    }
  }

  /** Whether the server answers on this connection, within 5 seconds. */
  public boolean alive() {
    try {
      return connection.isValid(ALIVE_SECONDS);
    } catch (SQLException failure) {
      throw Faults.of(failure, engine, "(ping)", false, true, false);
    }
  }

  /** The server's id of this connection. */
  public long connectionId() {
    return connectionId;
  }

  public Engine engine() {
    return engine;
  }

  public ServerVersion version() {
    return version;
  }

  /** The schema that names without a schema mean now; empty if none. */
  public String schema() {
    return first("SELECT DATABASE() AS name").map(row -> row.stringOrNull("name")).orElse("");
  }

  /** Closes the connection; what was not committed is rolled back. Never throws. */
  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException failure) {
      log.debug("connection {} was not closed in an orderly way", connectionId, failure);
    }
  }

  private void rollBack(Throwable failure) {
    try {
      execute("ROLLBACK");
    } catch (Fault fault) {
      // The server rolls back what a lost connection left open.
      failure.addSuppressed(fault);
    } finally {
      inTransaction = false;
    }
  }

  private <T> T run(String sql, boolean reading, Work<T> work) {
    statements.increment();
    try {
      return work.run();
    } catch (SQLException failure) {
      var open = open() && (failure.getErrorCode() != INTERRUPTED || alive());
      throw Faults.of(failure, engine, sql, inTransaction, reading, open);
    }
  }

  private boolean open() {
    try {
      return !connection.isClosed();
    } catch (SQLException failure) {
      log.debug("connection {} does not know whether it is open", connectionId, failure);
      return false;
    }
  }

  private interface Work<T> {
    T run() throws SQLException;
  }
}
