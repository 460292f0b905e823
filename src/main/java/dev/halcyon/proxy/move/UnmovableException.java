package dev.halcyon.proxy.move;

/** A session cannot be carried to another server; the message is a clause that says why. */
public final class UnmovableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UnmovableException(String reason) {
    super(reason);
  }

  /** The clause. */
  public String reason() {
    return String.valueOf(getMessage());
  }
}
