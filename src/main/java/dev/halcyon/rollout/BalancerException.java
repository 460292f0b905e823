package dev.halcyon.rollout;

/** The balancer did not do what it was asked, or does not answer. */
final class BalancerException extends RuntimeException {
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
  static BalancerException silent(String message, Throwable cause) {
    return new BalancerException(false, message, cause);
  }

  /** It said no. */
  static BalancerException refused(String message) {
    return new BalancerException(message);
  }

  /** It said what is not understood. */
  static BalancerException refused(String message, Throwable cause) {
    return new BalancerException(true, message, cause);
  }

  /** Whether it said no, else it is not known what it has done. */
  boolean answered() {
    return answered;
  }
}
