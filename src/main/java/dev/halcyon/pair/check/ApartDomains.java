package dev.halcyon.pair.check;

import java.util.function.Consumer;

/** MariaDB counts within a domain; two that count at once give out the same numbers. */
record ApartDomains() implements Rule {
  @Override
  public String id() {
    return "P122";
  }

  @Override
  public String title() {
    return "Two writers count their transactions apart";
  }

  @Override
  public void look(PairFacts facts, Consumer<Problem> problems) {
    if (facts.writable().size() == 2) {
      lookAhead(facts, problems);
    }
  }

  /** The same before a second server is opened. */
  void lookAhead(PairFacts facts, Consumer<Problem> problems) {
    var first = facts.first();
    var second = facts.second();
    if (first.isMySql()
        || second.isMySql()
        || !first.variable("gtid_domain_id").equals(second.variable("gtid_domain_id"))) {
      return;
    }
    boolean strict = first.on("gtid_strict_mode") || second.on("gtid_strict_mode");
    var message =
        "Two servers that are both written to count in gtid_domain_id = "
            + first.variable("gtid_domain_id")
            + (strict
                ? ": replication stops with error 1950."
                : ": a server that follows anew may leave transactions out.");
    var mend =
        new Mend(
            second.name(),
            "SET GLOBAL gtid_domain_id = " + second.variable("server_id"),
            false,
            "gtid_domain_id = " + second.variable("server_id"));
    problems.accept(strict ? error(message, mend) : warning(message, mend));
  }
}
