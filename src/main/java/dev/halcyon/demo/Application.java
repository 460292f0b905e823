package dev.halcyon.demo;

import java.util.Random;

/** What a version of the application does all day. */
sealed interface Application permits OldApplication, NewApplication, PairApplication {

  /** {@code v1}. */
  String label();

  /** Something to do; the same thing again when it was the victim of a deadlock. */
  Work next(Random random);

  /** A statement or a transaction. */
  @FunctionalInterface
  interface Work {
    /**
     * @param entry takes what is written, before the statement goes out
     */
    void run(Measured session, Entry entry);
  }
}
