package dev.halcyon.proxy;

import java.time.Duration;
import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * How long the commands of one session take that were sent and not yet answered; answers come in
 * the order of the commands. On the event loop only.
 */
final class Stopwatch {
  private static final int FEW = 4;

  private final LongSupplier nanoTime;
  private final DurationCounts counts;

  /** When each began: a ring, since few clients send more than one at a time. */
  private long[] began = new long[FEW];

  private int first;
  private int number;

  Stopwatch(LongSupplier nanoTime, DurationCounts counts) {
    this.nanoTime = nanoTime;
    this.counts = counts;
  }

  /** For how long the earliest of them has been under way; zero if there is none. */
  Duration running() {
    return number == 0 ? Duration.ZERO : Duration.ofNanos(nanoTime.getAsLong() - began[first]);
  }

  /** A command is on its way. */
  void begin() {
    if (number == began.length) {
      var wider = Arrays.copyOfRange(began, first, first + 2 * number);
      System.arraycopy(began, 0, wider, number - first, first);
      began = wider;
      first = 0;
    }
    began[(first + number) % began.length] = nanoTime.getAsLong();
    number++;
  }

  /**
   * The earliest of them is answered.
   *
   * @param counted not so if the proxy itself has asked
   */
  void end(boolean counted) {
    long since = began[first];
    first = (first + 1) % began.length;
    number--;
    if (counted) {
      counts.add(nanoTime.getAsLong() - since);
    }
  }
}
