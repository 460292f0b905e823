package dev.halcyon.pair.check;

import dev.halcyon.progress.Figures;
import java.util.function.Consumer;

/** By the time that it takes to get what there is; the servers' own figures are not trusted. */
record LagNow() implements Rule {
  @Override
  public String id() {
    return "P116";
  }

  @Override
  public String title() {
    return "The passive server follows closely";
  }

  @Override
  public void look(PairFacts facts, Consumer<Problem> problems) {
    facts
        .lag()
        .filter(lag -> lag.time().compareTo(facts.longestLag()) > 0)
        .ifPresent(
            lag ->
                problems.accept(
                    warning(
                        "The passive server took %s for what the active one had%s; a switchover allows %s."
                            .formatted(
                                Figures.duration(lag.time()),
                                lag.transactions() < 0
                                    ? ""
                                    : ", " + lag.transactions() + " transactions",
                                Figures.duration(facts.longestLag())),
                        Mend.NONE)));
  }
}
