package dev.halcyon.pair.proof;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Refusal;
import dev.halcyon.mysql.Patience;
import dev.halcyon.pair.Expansion;
import dev.halcyon.pair.Pair;
import dev.halcyon.pair.judge.Judge;
import dev.halcyon.pair.judge.Mode;
import dev.halcyon.progress.Events;
import dev.halcyon.sql.Script;
import dev.halcyon.sql.Statement;
import java.util.function.IntConsumer;

/** An expansion that begins only if rows are judged, and proven, to pass in both directions. */
public final class ProvenExpansion {
  private ProvenExpansion() {}

  /** See {@link Expansion}. */
  public static Expansion of(
      Pair pair, Script script, Patience patience, Events events, IntConsumer journalWrites) {
    var statements = Judge.statements(script).stream().map(Statement::text).toList();
    return new Expansion(
        pair,
        new Expansion.Order(script.version(), script.description(), script.checksum(), statements),
        (_, _) -> requireSafe(pair, script),
        patience,
        events,
        journalWrites);
  }

  /** By the same judgement and the same proof as {@code halcyon pair plan}. */
  private static void requireSafe(Pair pair, Script script) {
    var plan = PairPlanning.of(pair, script);
    if (!plan.findings().isEmpty()) {
      throw new Refusal(ExitStatus.FINDINGS, plan.findings());
    }
    if (plan.judgement().mode().filter(mode -> mode == Mode.UNLOGGED).isEmpty()) {
      throw ErrorCode.PAIR_NOT_READY.refuse(
          "Rows of the changed server would not pass to the other one: "
              + String.join("; ", plan.judgement().reasons()),
          "Make it online, through the active server: halcyon expand " + script.version());
    }
  }
}
