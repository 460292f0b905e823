package dev.halcyon.lint;

import dev.halcyon.sql.Statement;

/** A contract as written without its expand. */
record LonelyContract() implements Rule {
  @Override
  public String id() {
    return "H602";
  }

  @Override
  public String title() {
    return "A contract without an expand";
  }

  @Override
  public void change(ChangeLook look) {
    if (look.expand().isEmpty() && !look.contract().isEmpty() && !look.gated()) {
      Statement first = look.contract().getFirst();
      look.warning(
          this,
          first.place(),
          "There is no expand of this version, so nothing tells whether the application that needs"
              + " the old shape is gone.",
          "State the end in one file V<version>__<name>.sql; or say when it may run:"
              + " -- halcyon: gate unused=7d");
    }
  }
}
