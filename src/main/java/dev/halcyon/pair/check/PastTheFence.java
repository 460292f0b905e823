package dev.halcyon.pair.check;

import java.util.function.Consumer;

/** A fence that the application steps over is none. */
record PastTheFence() implements Rule {
  @Override
  public String id() {
    return "P120";
  }

  @Override
  public String title() {
    return "No application may write past the fence";
  }

  @Override
  public void look(PairFacts facts, Consumer<Problem> problems) {
    for (MemberFacts member : facts.members()) {
      for (MemberFacts.Privileged one : member.privileged()) {
        var message =
            "%s may write on %s although it is read-only (%s)"
                .formatted(one.account(), member.name(), one.privilege());
        var mend =
            Mend.by(member.name(), "REVOKE " + one.privilege() + " ON *.* FROM " + one.account());
        problems.accept(
            one.sessions() == 0
                ? information(message + ".", mend)
                : member.isMySql()
                    // super_read_only stops them, too, but for the moments in which it is off.
                    ? warning(message + ", and has " + one.sessions() + " sessions.", mend)
                    : error(message + ", and has " + one.sessions() + " sessions.", mend));
      }
    }
  }
}
