package dev.halcyon.model;

/** What the program's exit status promises. */
public enum ExitStatus {
  DONE(0),
  FINDINGS(1),
  FAILED(2),
  GATE_CLOSED(3),
  LEASE_HELD(4),
  USAGE(64),
  SETTINGS(78);

  private final int code;

  ExitStatus(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }
}
