package dev.halcyon.pair;

/** Of a controller. Nobody catches it, as nobody survives a kill. */
final class Death extends Error {
  private static final long serialVersionUID = 1L;

  /**
   * @param deadline the write of the journal after which it dies; 0 for never
   */
  static void at(int count, int deadline) {
    if (count == deadline) {
      throw new Death();
    }
  }
}
