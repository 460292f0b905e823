package dev.halcyon.history;

import java.util.List;

/**
 * What a client did between BEGIN and COMMIT.
 *
 * @param number different for each
 * @param began by {@link System#nanoTime}, before its first statement was sent
 * @param ended the same, after the answer to its last one
 */
record Transaction(
    int number, long began, long ended, Outcome outcome, List<Operation> operations) {

  Transaction {
    operations = List.copyOf(operations);
  }

  /** How it ended, as its client knows. */
  enum Outcome {
    COMMITTED,
    ABORTED,
    /** The answer to COMMIT did not come. */
    UNKNOWN
  }

  /** A step of it. */
  sealed interface Operation {
    int key();
  }

  /**
   * @param value appended once only, whoever appends
   */
  record Append(int key, long value) implements Operation {}

  /** The whole list, as it was read. */
  record Read(int key, List<Long> values) implements Operation {
    Read {
      values = List.copyOf(values);
    }
  }

  @Override
  public String toString() {
    return "T" + number + " " + outcome + " " + operations;
  }
}
