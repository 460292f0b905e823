package dev.halcyon.pair.check;

import dev.halcyon.pair.check.RowFacts.Difference;
import java.util.function.Consumer;

/** What differs is found out late: when a row is changed that is not there. */
record EqualRows() implements Rule {
  private static final int SHOWN = 400;

  @Override
  public String id() {
    return "P123";
  }

  @Override
  public String title() {
    return "Both servers have the same rows";
  }

  @Override
  public void look(PairFacts facts, Consumer<Problem> problems) {
    if (facts.rows().isEmpty()) {
      return;
    }
    var rows = facts.rows().get();
    if (!rows.followed() && !rows.differences().isEmpty()) {
      problems.accept(
          information(
              "Replication did not catch up while rows were compared: what differs may be under"
                  + " way.",
              Mend.NONE));
    }
    for (String table : rows.notCompared()) {
      problems.accept(information("Rows were not compared: " + table + ".", Mend.NONE));
    }
    for (Difference one : rows.differences()) {
      problems.accept(error(message(facts, one), mend(facts, one)));
    }
  }

  private static String message(PairFacts facts, Difference one) {
    var row = "The row of " + one.table() + " with " + one.where();
    if (one.first().isEmpty() || one.second().isEmpty()) {
      var owner = one.second().isEmpty() ? facts.first() : facts.second();
      return row + " is on " + owner.name() + " only.";
    }
    return "%s differs between %s and %s."
        .formatted(row, facts.first().name(), facts.second().name());
  }

  /** The one that has it not, or the second one, gets it. */
  private static Mend mend(PairFacts facts, Difference one) {
    var content = one.first().isEmpty() ? one.second() : one.first();
    var receiver = one.first().isEmpty() ? facts.first() : facts.second();
    if (content.length() > SHOWN) {
      return Mend.by(receiver.name(), "write the row of the other one, after SET sql_log_bin = 0");
    }
    var statement =
        one.first().isEmpty() || one.second().isEmpty()
            ? "INSERT INTO " + one.table() + " SET " + content
            : "UPDATE " + one.table() + " SET " + content + " WHERE " + one.where();
    return Mend.by(receiver.name(), "SET sql_log_bin = 0; " + statement);
  }
}
