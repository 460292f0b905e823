package dev.halcyon.demo;

import java.util.ArrayList;
import java.util.List;

/**
 * What was written to one place, and which of it a read may show.
 *
 * <p>Clients write at the same time, and only the server knows in which order. But a write that
 * began after another one was acknowledged comes after it. So a read may show a write unless that
 * write was over before another one began that was over before the read began. Times are those of
 * the {@link Ledger}'s clock: a write begins before its statement is sent and ends after the reply.
 *
 * <p>Thread-safe.
 */
final class Register {
  private static final long PENDING = Long.MAX_VALUE;

  private final List<Write> writes = new ArrayList<>();

  /** What stands there from the beginning. */
  Register(Lines initial) {
    var write = new Write(initial, 0);
    write.ended = 0;
    writes.add(write);
  }

  /** One write; only its register looks inside. */
  static final class Write {
    private final Lines lines;
    private final long begun;
    private long ended = PENDING;

    private Write(Lines lines, long begun) {
      this.lines = lines;
      this.begun = begun;
    }
  }

  synchronized Write begin(Lines lines, long now) {
    var write = new Write(lines, now);
    writes.add(write);
    return write;
  }

  /** The server has said that it is done. */
  synchronized void acknowledge(Write write, long now) {
    write.ended = now;
  }

  /** The server has said that it is not done. */
  synchronized void withdraw(Write write) {
    writes.remove(write);
  }

  /** Whether a read that began and ended then may have seen this. */
  synchronized boolean allows(Lines seen, long readBegun, long readEnded) {
    long newest =
        writes.stream()
            .filter(write -> write.ended < readBegun)
            .mapToLong(write -> write.begun)
            .max()
            .orElse(-1);
    return writes.stream()
        .anyMatch(
            write -> write.lines.equals(seen) && write.begun < readEnded && write.ended >= newest);
  }

  /** What the newest acknowledged write was, for messages. */
  synchronized Lines latest() {
    Write latest = writes.getFirst();
    for (var write : writes) {
      if (write.ended != PENDING && write.begun > latest.begun) {
        latest = write;
      }
    }
    return latest.lines;
  }
}
