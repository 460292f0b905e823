package dev.halcyon.pair;

/**
 * How far a change of one server is, as the journal keeps it.
 *
 * @param statement that is under way, or was; -1 before the first one
 * @param print of the schema before that statement; empty before the first one
 * @param first print of the schema before the change
 */
record ChangeProgress(int statement, String print, String first) {
  private static final String SEPARATOR = " ";

  static ChangeProgress of(PairRecord record) {
    var parts = record.detail().split(SEPARATOR, -1);
    return switch (parts.length) {
      case 3 -> new ChangeProgress(Integer.parseInt(parts[0]), parts[1], parts[2]);
      // As it was written before the first print was kept.
      case 2 ->
          new ChangeProgress(
              Integer.parseInt(parts[0]), parts[1], parts[0].equals("0") ? parts[1] : "");
      default -> new ChangeProgress(-1, "", "");
    };
  }

  /** Statement {@code index} comes next, on a schema of this print. */
  ChangeProgress next(int index, String before) {
    return new ChangeProgress(index, before, first.isEmpty() && index == 0 ? before : first);
  }

  String text() {
    return statement + SEPARATOR + print + SEPARATOR + first;
  }
}
