package dev.halcyon.model;

import org.jspecify.annotations.Nullable;

/**
 * A run stopped after it had begun. Says what was being done, what the server said, what state
 * remains and what to type next.
 */
public final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final String action;
  private final String remains;
  private final String next;

  /**
   * @param action what was being done and on which object: {@code "add column users.locale (step
   *     expand.1)"}
   * @param detail the server's code, SQLSTATE and words, or our reason
   * @param remains what state the database is left in
   * @param next the next command to type
   */
  public Failure(
      ErrorCode code,
      String action,
      String detail,
      String remains,
      String next,
      @Nullable Throwable cause) {
    super(action + ": " + detail, cause);
    this.code = code;
    this.action = action;
    this.remains = remains;
    this.next = next;
  }

  public ErrorCode code() {
    return code;
  }

  public String action() {
    return action;
  }

  public String remains() {
    return remains;
  }

  public String next() {
    return next;
  }
}
