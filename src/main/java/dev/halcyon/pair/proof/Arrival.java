package dev.halcyon.pair.proof;

/** What has become of rows that one server wrote and the other one applied. */
public sealed interface Arrival {
  /** Every row stands there, equal in all columns that both shapes have. */
  record Equal(int rows) implements Arrival {}

  /** The applier stopped with this error; it has been mended and goes on. */
  record Stopped(String error) implements Arrival {}

  /** No error, and the rows differ. */
  record Different(String sent, String received) implements Arrival {}

  /** Nothing came in time, because the applier is far behind or does not run. */
  record Late() implements Arrival {}
}
