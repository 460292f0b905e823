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

/** An expansion that begins only if rows are judged, and proven, to pass. */
public final class ProvenExpansion {
  private ProvenExpansion() {}

  /**
   * See {@link Expansion}.
   *
   * @param asked logged if there need not be a way back until the change is finished; else rows
   *     must pass in both directions
   */
  public static Expansion of(
      Pair pair,
      Script script,
      Mode asked,
      Patience patience,
      Events events,
      IntConsumer journalWrites) {
    var statements = Judge.statements(script).stream().map(Statement::text).toList();
    return new Expansion(
        pair,
        new Expansion.Order(script.version(), script.description(), script.checksum(), statements),
        (_, _) -> safe(pair, script, asked),
        patience,
        events,
        journalWrites);
  }

  /** By the same judgement and the same proof as {@code halcyon pair plan}. */
  private static Mode safe(Pair pair, Script script, Mode asked) {
    var plan = PairPlanning.of(pair, script);
    if (!plan.findings().isEmpty()) {
      throw new Refusal(ExitStatus.FINDINGS, plan.findings());
    }
    var possible = plan.judgement().mode();
    if (possible.isEmpty() || (possible.get() == Mode.LOGGED && asked == Mode.UNLOGGED)) {
      throw ErrorCode.PAIR_NOT_READY.refuse(
          "Rows of the changed server would not pass to the other one: "
              + String.join("; ", plan.judgement().reasons()),
          "Make it online, through the active server: halcyon expand %1$s; or without a way back until it is finished: halcyon pair expand %1$s --logged"
              .formatted(script.version()));
    }
    return asked;
  }
}
