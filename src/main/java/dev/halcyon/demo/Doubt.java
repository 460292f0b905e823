package dev.halcyon.demo;

/**
 * Something that a read should not have shown.
 *
 * @param place which user, and what of it: {@code user 17, first address}
 */
record Doubt(Kind kind, String place, String words) {
  enum Kind {
    /** Both shapes, seen at one moment, say different things. */
    DIFFERS,
    /** What the server has acknowledged is not there, or was there already and is gone. */
    LOST,
    /** Nobody has written that. */
    STRANGE
  }

  @Override
  public String toString() {
    return place + ": " + words;
  }
}
