package dev.halcyon.pair.check;

import java.util.function.Consumer;

/** Rows are found by all columns where keys differ. */
record FullImage() implements Rule {
  @Override
  public String id() {
    return "P105";
  }

  @Override
  public String title() {
    return "Whole rows in the binary log";
  }

  @Override
  public void look(PairFacts facts, Consumer<Problem> problems) {
    for (MemberFacts member : facts.members()) {
      var image = member.variable("binlog_row_image");
      if (!image.isEmpty() && !image.startsWith("FULL")) {
        problems.accept(
            error(
                "%s logs rows with image %s: a column that is not in the log cannot be compared."
                    .formatted(member.name(), image),
                member.setting("binlog_row_image", "FULL", true)));
      }
    }
  }
}
