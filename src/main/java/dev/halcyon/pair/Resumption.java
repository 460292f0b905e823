package dev.halcyon.pair;

/**
 * What to do about a switchover that has begun and is not at its end. Pure. The servers' state
 * outranks the journal; the passive server is never opened unless the other one is proven closed.
 */
public sealed interface Resumption {
  /** There is none. */
  record Nothing() implements Resumption {}

  /** The former active server is opened, if it is not open, and clients go on there. */
  record Undo() implements Resumption {}

  /** The former active server is closed, if it is not closed, and clients go on at the new one. */
  record RollForward() implements Resumption {}

  /**
   * Nobody knows; clients stay where they are.
   *
   * @param reason for people: a clause without its end
   */
  record Refuse(String reason) implements Resumption {}

  /**
   * @param state as journalled on whichever server has the later one
   * @param from the server that clients leave
   * @param to the server that they are led to
   * @param even whether {@code to} has everything that {@code from} has; false if that cannot be
   *     seen
   * @param atTarget whether the proxy leads clients to {@code to}
   * @param neverOpened whether whoever asks has begun this switchover itself, has held the lock all
   *     the time and has not opened {@code to}
   */
  record Standing(
      PairState state, Sight from, Sight to, boolean even, boolean atTarget, boolean neverOpened) {}

  static Resumption of(Standing standing) {
    if (!standing.state().unfinished()) {
      return new Nothing();
    }
    if (standing.neverOpened()) {
      return new Undo();
    }
    return switch (standing.to()) {
      case UNSEEN -> targetUnseen(standing);
      case OPEN -> targetOpen(standing);
      case CLOSED -> targetClosed(standing);
    };
  }

  private static Resumption targetUnseen(Standing standing) {
    return switch (standing.from()) {
      // It is opened by an undo alone, and then the other one never was.
      case OPEN -> standing.atTarget() ? unclear() : new Undo();
      case CLOSED ->
          new Refuse("the server that clients were led to cannot be looked at, and may be open");
      case UNSEEN -> new Refuse("neither server can be looked at");
    };
  }

  private static Resumption targetOpen(Standing standing) {
    return switch (standing.from()) {
      case OPEN ->
          standing.state() == PairState.COMMITTED && standing.atTarget()
              ? new RollForward()
              : new Refuse("both servers are writable");
      case CLOSED ->
          standing.state() == PairState.COMMITTED || standing.even()
              ? new RollForward()
              : new Refuse("the server that is open lacks transactions of the other one");
      case UNSEEN ->
          standing.state() == PairState.COMMITTED
              ? new RollForward()
              : new Refuse("the server that clients were on cannot be looked at, and may be open");
    };
  }

  private static Resumption targetClosed(Standing standing) {
    return switch (standing.from()) {
      case OPEN ->
          standing.state() == PairState.COMMITTED && standing.atTarget()
              ? new Refuse("clients have been led to a server that is not writable any more")
              : new Undo();
      case CLOSED -> bothClosed(standing);
      case UNSEEN ->
          new Refuse("the server that clients were on cannot be looked at, and may be open");
    };
  }

  /** Once committed, clients may have written to the target before it was closed again. */
  private static Resumption bothClosed(Standing standing) {
    if (standing.state() != PairState.COMMITTED) {
      return new Undo();
    }
    return standing.even()
        ? new RollForward()
        : new Refuse("the server that clients were led to lacks transactions of the other one");
  }

  private static Resumption unclear() {
    return new Refuse(
        "clients are led to a server that cannot be looked at, and the other one is open");
  }
}
