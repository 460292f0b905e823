package dev.halcyon.pair.proof;

import dev.halcyon.model.Engine;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Finding;
import dev.halcyon.model.ServerFacts;
import dev.halcyon.model.TableSchema;
import dev.halcyon.mysql.Link;
import dev.halcyon.mysql.Session;
import dev.halcyon.pair.Fence;
import dev.halcyon.pair.Member;
import dev.halcyon.pair.Pair;
import dev.halcyon.pair.judge.Conversions;
import dev.halcyon.pair.judge.Judge;
import dev.halcyon.pair.judge.Judgement;
import dev.halcyon.pair.judge.Mode;
import dev.halcyon.sql.Script;
import dev.halcyon.sql.Sql;
import dev.halcyon.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Judges a change for a pair and proves with real rows what the judge lets pass. Nothing lasts of
 * it on either server. For one thread.
 */
public final class PairPlanning {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Member active;
  private final Member passive;
  private final List<Statement> statements;
  private final List<String> proofs = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();

  private PairPlanning(Member active, Member passive, List<Statement> statements) {
    this.active = active;
    this.passive = passive;
    this.statements = statements;
  }

  /**
   * @throws dev.halcyon.model.Refusal HAL-721 if not exactly one server is writable, HAL-310 if the
   *     server does not take a statement, HAL-116 if the account may not try it out
   */
  public static PairPlan of(Pair pair, Script script) {
    boolean firstClosed = closed(pair.first());
    if (firstClosed == closed(pair.second())) {
      throw ErrorCode.PAIR_NOT_READY.refuse(
          firstClosed ? "Neither server is writable." : "Both servers are writable.",
          "halcyon pair check");
    }
    return firstClosed
        ? new PairPlanning(pair.second(), pair.first(), Judge.statements(script)).plan()
        : new PairPlanning(pair.first(), pair.second(), Judge.statements(script)).plan();
  }

  private static boolean closed(Member member) {
    try (var session = member.open("plan")) {
      return Fence.closed(session);
    }
  }

  private PairPlan plan() {
    var server = active.server();
    try (var scratch = ScratchPair.open(server, passive.server())) {
      var facts = Shapes.of(scratch.active(), server.schema(), statements);
      var judgement =
          Judge.of(
              statements, facts, conversions(scratch.passive()), conversions(scratch.active()));
      findings.addAll(judgement.refusals());
      judgement.mode().ifPresent(mode -> prove(scratch, server.schema(), facts, mode));
      return plan(judgement);
    }
  }

  private PairPlan plan(Judgement judgement) {
    return new PairPlan(
        active.name(),
        passive.name(),
        statements.stream().map(Statement::text).toList(),
        judgement,
        proofs,
        findings);
  }

  private static Conversions conversions(Session session) {
    return session
        .first(
            "SHOW GLOBAL VARIABLES WHERE Variable_name IN"
                + " ('slave_type_conversions', 'replica_type_conversions')")
        .map(row -> Conversions.of(row.string(2)))
        .orElse(Conversions.NONE);
  }

  private void prove(ScratchPair scratch, String schema, ServerFacts facts, Mode mode) {
    var hindrance = hindrance(scratch);
    if (hindrance.isPresent()) {
      proofs.add("not proven: " + hindrance.get());
      return;
    }
    var proof = new RowProof(scratch, PATIENCE);
    for (TableSchema before : facts.before().values()) {
      facts
          .tableAfter(before.name())
          .ifPresent(after -> prove(proof, scratch, schema, before, after, mode));
    }
  }

  private void prove(
      RowProof proof,
      ScratchPair scratch,
      String schema,
      TableSchema before,
      TableSchema after,
      Mode mode) {
    var former = Judge.formerNames(before.name(), statements);
    var crossings = Crossings.of(before, after, former);
    var rows =
        new SampleRows(schema, before, isEmpty(scratch, schema, before), scratch.active().engine());
    var old = rows.into(before, Map.of());
    if (old.isEmpty()) {
      proofs.add("not proven: no row can be made up for " + before.name());
      return;
    }
    told(before.name(), true, proof.forward(crossings.forward(old.get())));
    if (mode == Mode.UNLOGGED && findings.isEmpty()) {
      rows.into(after, former)
          .ifPresent(
              young -> told(before.name(), false, proof.backward(crossings.backward(young))));
    }
  }

  private static boolean isEmpty(ScratchPair scratch, String schema, TableSchema table) {
    return scratch
        .active()
        .first("SELECT 1 FROM " + Sql.name(schema, table.name()) + " LIMIT 1")
        .isEmpty();
  }

  private void told(String table, boolean forward, Arrival arrival) {
    var way = forward ? active + " to " + passive : passive + " to " + active;
    var problem =
        switch (arrival) {
          case Arrival.Equal _ -> {
            proofs.add("rows of %s pass from %s".formatted(table, way));
            yield "";
          }
          case Arrival.Stopped(String error) -> "they stop the applier: " + error;
          case Arrival.Different(String sent, String received) ->
              "other values arrive: " + received + " for " + sent;
          case Arrival.Late() -> {
            proofs.add(
                "not proven: rows of %s have not come from %s in time".formatted(table, way));
            yield "";
          }
        };
    if (!problem.isEmpty()) {
      findings.add(
          Finding.error(
              ErrorCode.PAIR_CHANGE.code(),
              null,
              "Rows of %s were sent from %s for a proof, and %s.".formatted(table, way, problem),
              "Make it online, through the active server: halcyon expand, or halcyon alter."));
    }
  }

  /** Why rows cannot be sent. */
  private static Optional<String> hindrance(ScratchPair scratch) {
    for (Session session : List.of(scratch.active(), scratch.passive())) {
      var links = Link.into(session);
      if (links.size() != 1 || !links.getFirst().running()) {
        return Optional.of("replication does not run both ways");
      }
      if (!links.getFirst().gtid()
          || (session.engine() == Engine.MYSQL
              && session.first("SELECT @@GLOBAL.gtid_mode = 'ON'").orElseThrow().longValue(1)
                  == 0)) {
        return Optional.of("without global transaction ids nobody can wait for a row");
      }
      long followers =
          session
              .first(
                  "SELECT COUNT(*) FROM information_schema.processlist"
                      + " WHERE command LIKE 'Binlog Dump%'")
              .orElseThrow()
              .longValue(1);
      if (followers > 1) {
        return Optional.of("others follow the pair, too, and would lack the scratch tables");
      }
    }
    return Optional.empty();
  }
}
