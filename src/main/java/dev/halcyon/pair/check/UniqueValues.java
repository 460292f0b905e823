package dev.halcyon.pair.check;

import dev.halcyon.pair.check.RowFacts.Clash;
import java.util.function.Consumer;

/** Both were accepted, each where it came in; where the other one arrives, replication stops. */
record UniqueValues() implements Rule {
  @Override
  public String id() {
    return "P124";
  }

  @Override
  public String title() {
    return "A unique value stands for one row";
  }

  @Override
  public void look(PairFacts facts, Consumer<Problem> problems) {
    if (facts.rows().isEmpty()) {
      return;
    }
    for (Clash clash : facts.rows().get().clashes()) {
      problems.accept(
          error(
              "Key %s of %s: %s is the row with %s on %s, and the one with %s on %s (error 1062)."
                  .formatted(
                      clash.index(),
                      clash.table(),
                      clash.value(),
                      clash.first(),
                      facts.first().name(),
                      clash.second(),
                      facts.second().name()),
              Mend.by(
                  facts.second().name(),
                  "SET sql_log_bin = 0; UPDATE %s SET %s WHERE %s, if both mean the same; else change the value of one"
                      .formatted(clash.table(), clash.renumbering(), clash.second()))));
    }
  }
}
