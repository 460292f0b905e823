package dev.halcyon.proxy.wire;

/** Bits of the status that a server sends with every OK and every end of rows. */
public enum ServerStatus {
  IN_TRANSACTION(0x0001),
  AUTOCOMMIT(0x0002),
  MORE_RESULTS(0x0008),
  CURSOR_OPEN(0x0040),
  LAST_ROW_SENT(0x0080),
  /** A backslash in a string is a backslash. */
  NO_BACKSLASH_ESCAPES(0x0200),
  STATE_CHANGED(0x4000);

  private final int bit;

  ServerStatus(int bit) {
    this.bit = bit;
  }

  public boolean in(int status) {
    return (status & bit) != 0;
  }
}
