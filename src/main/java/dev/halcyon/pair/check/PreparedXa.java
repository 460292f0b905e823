package dev.halcyon.pair.check;

import java.util.function.Consumer;

/** Whoever prepared it will want to end it on the server where it was. */
record PreparedXa() implements Rule {
  @Override
  public String id() {
    return "P119";
  }

  @Override
  public String title() {
    return "No prepared XA transaction";
  }

  @Override
  public void look(PairFacts facts, Consumer<Problem> problems) {
    for (MemberFacts member : facts.members()) {
      for (String id : member.prepared()) {
        problems.accept(
            error(
                "%s has a prepared XA transaction: %s.".formatted(member.name(), id),
                Mend.by(member.name(), "XA COMMIT or XA ROLLBACK it")));
      }
    }
  }
}
