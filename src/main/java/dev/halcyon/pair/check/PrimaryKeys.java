package dev.halcyon.pair.check;

import java.util.function.Consumer;

/** The applier finds a row by it. */
record PrimaryKeys() implements Rule {
  @Override
  public String id() {
    return "P117";
  }

  @Override
  public String title() {
    return "Every table has a primary key";
  }

  @Override
  public void look(PairFacts facts, Consumer<Problem> problems) {
    // The passive server has the tables of the active one, or the judge would say so.
    var active = facts.writable().isEmpty() ? facts.first() : facts.writable().getFirst();
    for (String table : active.keyless()) {
      problems.accept(
          error(
              "Table "
                  + table
                  + " has no primary key: a changed row is looked for in all of it,"
                  + " and of equal rows the wrong one may be changed.",
              Mend.by(
                  active.name(),
                  "ALTER TABLE "
                      + table
                      + " ADD PRIMARY KEY (...), with columns that tell rows"
                      + " apart")));
    }
  }
}
