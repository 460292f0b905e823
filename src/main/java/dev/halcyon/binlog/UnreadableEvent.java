package dev.halcyon.binlog;

/** Bytes of the log that are not understood, in words for the person who runs the command. */
final class UnreadableEvent extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnreadableEvent(String reason) {
    super(reason);
  }
}
