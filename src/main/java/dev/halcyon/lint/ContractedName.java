package dev.halcyon.lint;

import dev.halcyon.sql.Touches;

/** A query that names what a given or open change takes away. */
record ContractedName() implements Rule {
  @Override
  public String id() {
    return "H503";
  }

  @Override
  public String title() {
    return "A query that names what a change takes away";
  }

  @Override
  public void query(QueryLook look) {
    for (Pending.Going going : look.pending().going()) {
      look.touches().tables().stream()
          .filter(use -> use.table().equalsIgnoreCase(going.table()))
          .filter(use -> going.column().isEmpty() || names(use, going.column()))
          .findFirst()
          .ifPresent(_ -> report(look, going));
    }
  }

  /** A star is H501's. */
  private static boolean names(Touches.Use use, String column) {
    return use.reads().contains(column) || use.writes().contains(column);
  }

  private void report(QueryLook look, Pending.Going going) {
    String word = going.column().isEmpty() ? going.table() : going.column();
    look.error(
        this,
        look.tokens().stream()
            .filter(t -> t.isName() && t.bare().equalsIgnoreCase(word))
            .findFirst()
            .map(look::at)
            .orElse(look.begin()),
        going.label()
            + " goes away with contract of "
            + going.by()
            + "; from then on this query fails with error "
            + (going.column().isEmpty() ? "1146." : "1054."),
        "Bring this query's new form out before: halcyon contract "
            + going.by()
            + " comes after the last application that says "
            + word
            + ".");
  }
}
