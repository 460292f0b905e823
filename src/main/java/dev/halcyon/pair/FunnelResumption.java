package dev.halcyon.pair;

/**
 * What to do about a funnel, or its way back, that has begun and is not at its end. Pure. The
 * server that keeps its clients is open all the time; the other one is closed only while no proxy
 * leads clients there.
 */
sealed interface FunnelResumption {
  /** Clients go on where they were, and that server is open. */
  record Undo() implements FunnelResumption {}

  /** Clients go on at the other server. */
  record RollForward() implements FunnelResumption {}

  /**
   * Nobody knows; nothing is touched.
   *
   * @param reason for people: a clause without its end
   */
  record Refuse(String reason) implements FunnelResumption {}

  /** Where the proxies lead the clients that are moved. */
  enum Place {
    /** All of them where they were, or there are none. */
    SOURCE,
    TARGET,
    /** Some here, some there. */
    BETWEEN,
    UNSEEN
  }

  /**
   * @param back whether clients are given back: to a server that was closed, and is opened for them
   * @param state as journalled on whichever server has the later one
   * @param from the server that clients leave
   * @param to the server that they are led to
   */
  record Standing(boolean back, PairState state, Sight from, Sight to, Place place) {}

  static FunnelResumption of(Standing standing) {
    return standing.back() ? ofBack(standing) : ofFunnel(standing);
  }

  private static FunnelResumption ofFunnel(Standing standing) {
    if (standing.to() != Sight.OPEN) {
      return new Refuse("the server that all clients are led to is not seen to be writable");
    }
    return switch (standing.from()) {
      case UNSEEN -> new Refuse("the server that clients leave cannot be looked at");
      case OPEN -> new Undo();
      case CLOSED ->
          switch (standing.place()) {
            case SOURCE -> new Undo();
            case TARGET, BETWEEN -> new RollForward();
            // A proxy that starts again goes to the only server that is writable.
            case UNSEEN -> standing.state() == PairState.COMMITTED ? new RollForward() : new Undo();
          };
    };
  }

  private static FunnelResumption ofBack(Standing standing) {
    if (standing.from() != Sight.OPEN) {
      return new Refuse("the server that clients leave is not seen to be writable");
    }
    return switch (standing.to()) {
      case UNSEEN -> new Refuse("the server that clients are given back to cannot be looked at");
      case CLOSED ->
          switch (standing.place()) {
            case SOURCE, UNSEEN -> new Undo();
            case TARGET, BETWEEN -> new Refuse("clients have been led to a server that is fenced");
          };
      case OPEN ->
          switch (standing.place()) {
            case SOURCE -> new Undo();
            case TARGET, BETWEEN, UNSEEN -> new RollForward();
          };
    };
  }
}
