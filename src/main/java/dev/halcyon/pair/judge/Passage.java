package dev.halcyon.pair.judge;

/**
 * One direction of a link.
 *
 * @param reason a clause for people; empty if there is nothing to say
 */
public record Passage(Effect effect, String reason) {
  static final Passage FREE = new Passage(Effect.REPLICATES, "");

  static Passage free(String reason) {
    return new Passage(Effect.REPLICATES, reason);
  }

  static Passage loses(String reason) {
    return new Passage(Effect.LOSES, reason);
  }

  static Passage stops(String reason) {
    return new Passage(Effect.STOPS, reason);
  }

  static Passage corrupts(String reason) {
    return new Passage(Effect.CORRUPTS, reason);
  }
}
