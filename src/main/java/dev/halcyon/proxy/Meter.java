package dev.halcyon.proxy;

import java.util.function.LongSupplier;

/**
 * What a shard counts while bytes pass: plain numbers on its event loop, without locks and without
 * an object for each.
 */
final class Meter {
  private final LongSupplier nanoTime;
  private final DurationCounts statements = new DurationCounts();
  private final DurationCounts holds = new DurationCounts();

  private long fromClients;
  private long fromServers;
  private long sessions;
  private long moved;
  private long loginsFailed;

  /**
   * @param nanoTime as {@link System#nanoTime}
   */
  Meter(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** For one session's commands, which are answered in turn. */
  Stopwatch stopwatch() {
    return new Stopwatch(nanoTime, statements);
  }

  void fromClient(int bytes) {
    fromClients += bytes;
  }

  void fromServer(int bytes) {
    fromServers += bytes;
  }

  void sessionOpened() {
    sessions++;
  }

  void sessionsMoved(long number) {
    moved += number;
  }

  void loginFailed() {
    loginsFailed++;
  }

  void held(long nanos) {
    holds.add(nanos);
  }

  MeterReading read() {
    return new MeterReading(
        fromClients,
        fromServers,
        sessions,
        moved,
        loginsFailed,
        statements.histogram(),
        holds.histogram());
  }
}
