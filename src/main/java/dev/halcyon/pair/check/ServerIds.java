package dev.halcyon.pair.check;

import java.util.function.Consumer;

/** A server leaves out what comes back to it under its own id. */
record ServerIds() implements Rule {
  @Override
  public String id() {
    return "P102";
  }

  @Override
  public String title() {
    return "Distinct server ids";
  }

  @Override
  public void look(PairFacts facts, Consumer<Problem> problems) {
    var first = facts.first().variable("server_id");
    var second = facts.second().variable("server_id");
    if (first.equals(second)) {
      problems.accept(
          error(
              "Both servers have server_id %s, so each takes the other's rows for its own."
                  .formatted(first),
              facts.second().configuration("server_id", "2")));
    }
  }
}
