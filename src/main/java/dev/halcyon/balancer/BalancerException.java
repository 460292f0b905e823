package dev.halcyon.balancer;

/** The balancer did not do what it was asked, or does not answer. */
public final class BalancerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean answered;

  private BalancerException(boolean answered, String message, Throwable cause) {
    super(message, cause);
    this.answered = answered;
  }

  private BalancerException(String message) {
    super(message);
    this.answered = true;
  }

  /** It could not be asked, or its answer did not come. */
  public static BalancerException silent(String message, Throwable cause) {
    return new BalancerException(false, message, cause);
  }

  /** It said no. */
  public static BalancerException refused(String message) {
    return new BalancerException(message);
  }

  /** It said what is not understood. */
  public static BalancerException refused(String message, Throwable cause) {
    return new BalancerException(true, message, cause);
  }

  /** Whether it said no, else it is not known what it has done. */
  public boolean answered() {
    return answered;
  }
}
