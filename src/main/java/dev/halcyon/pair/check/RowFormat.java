package dev.halcyon.pair.check;

import java.util.function.Consumer;

/** Statements would be executed on another schema than they were written for. */
record RowFormat() implements Rule {
  @Override
  public String id() {
    return "P104";
  }

  @Override
  public String title() {
    return "Rows, not statements, in the binary log";
  }

  @Override
  public void look(PairFacts facts, Consumer<Problem> problems) {
    for (MemberFacts member : facts.members()) {
      var format = member.variable("binlog_format");
      if (!format.isEmpty() && !format.equals("ROW")) {
        problems.accept(
            error(
                "%s logs in format %s: statements come to other values on another schema."
                    .formatted(member.name(), format),
                member.setting("binlog_format", "ROW", true)));
      }
    }
  }
}
