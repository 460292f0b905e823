package dev.halcyon.pair.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.embedded.Options;
import dev.halcyon.model.Engine;
import dev.halcyon.model.ServerFacts;
import dev.halcyon.mysql.Catalog;
import dev.halcyon.mysql.ConnectionSettings;
import dev.halcyon.mysql.Server;
import dev.halcyon.mysql.Session;
import dev.halcyon.pair.judge.Differences.Difference;
import dev.halcyon.pair.proof.Arrival;
import dev.halcyon.pair.proof.Crossings;
import dev.halcyon.pair.proof.RowProof;
import dev.halcyon.pair.proof.ScratchPair;
import dev.halcyon.sql.Ddl;
import dev.halcyon.sql.SourceFile;
import dev.halcyon.sql.Statement;
import dev.halcyon.testing.EngineTest;
import dev.halcyon.testing.ServerPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;

/** What the judge says is what two real servers do, in both directions. */
class MeasuredDifferencesTest {
  private static final String SCHEMA = "shop";

  private final List<String> complaints = new ArrayList<>();

  @EngineTest
  void theServersDoWhatTheJudgeSays(Engine engine) {
    measure(engine, Differences.few());
  }

  @EngineTest
  @Tag("chaos")
  void theServersDoWhatTheJudgeSaysOfEveryDifference(Engine engine) {
    measure(engine, Differences.all());
  }

  private void measure(Engine engine, List<Difference> differences) {
    try (var pair = ServerPair.start(engine, Options.defaults())) {
      pair.unfence("b");
      for (var name : List.of("a", "b")) {
        pair.execute(
            name,
            "SET SESSION sql_log_bin = 0",
            "CREATE DATABASE " + SCHEMA + " CHARACTER SET utf8mb4",
            "SET SESSION sql_log_bin = 1");
      }
      pair.fence("b");
      var active = server(pair, "a");
      try (var scratch = ScratchPair.open(active, server(pair, "b"));
          var shaper = active.open("shapes")) {
        shaper.execute("SET SESSION sql_log_bin = 0");
        var proof = new RowProof(scratch, Duration.ofSeconds(20));
        differences.forEach(difference -> look(difference, shaper, proof));
      }
    }
    assertThat(complaints).isEmpty();
  }

  private void look(Difference difference, Session shaper, RowProof proof) {
    var statements = statements(shaper.engine(), difference.alter());
    shaper.execute("DROP TABLE IF EXISTS t");
    shaper.execute("CREATE TABLE t (" + difference.body() + ")");
    var before = Catalog.tables(shaper, SCHEMA, List.of("t"));
    shaper.execute(difference.alter());
    var after = Catalog.tables(shaper, SCHEMA, List.of("t"));
    var facts =
        new ServerFacts(
            shaper.engine(),
            shaper.version(),
            SCHEMA,
            before,
            after,
            Map.of(),
            List.of(),
            List.of());
    var judgement = Judge.of(statements, facts, Conversions.NONE, Conversions.NONE);
    var crossings =
        Crossings.of(
            facts.table("t").orElseThrow(),
            facts.tableAfter("t").orElseThrow(),
            Judge.formerNames("t", statements));
    same(
        difference,
        "forward",
        judgement.forward(),
        difference.forward(),
        proof.forward(crossings.forward(writes(difference.oldRows()))));
    same(
        difference,
        "backward",
        judgement.backward(),
        difference.backward(),
        proof.backward(crossings.backward(writes(difference.newRows()))));
  }

  private void same(
      Difference difference, String way, Effect judged, Effect expected, Arrival arrival) {
    var what = difference.name() + " " + way + ": ";
    // A check that MariaDB's applier does not look at.
    boolean unchecked = difference.name().startsWith("check") && judged == Effect.CORRUPTS;
    if (judged != expected && !unchecked) {
      complaints.add(what + "judged " + judged + " and not " + expected);
    }
    boolean agrees =
        switch (arrival) {
          case Arrival.Equal _ -> judged == Effect.REPLICATES || judged == Effect.LOSES;
          case Arrival.Stopped _ -> judged == Effect.STOPS;
          case Arrival.Different _ -> judged == Effect.CORRUPTS;
          case Arrival.Late _ -> false;
        };
    boolean severer = arrival instanceof Arrival.Equal && !difference.severer().isEmpty();
    if (!agrees && !severer && !unchecked) {
      complaints.add(what + "judged " + judged + ", but " + arrival);
    }
  }

  private static List<String> writes(String rows) {
    return List.of(rows.split(";\\s*", -1));
  }

  private static List<Statement> statements(Engine engine, String sql) {
    return Ddl.parse(engine, SCHEMA, new SourceFile("V1__change.sql", sql)).statements();
  }

  private static Server server(ServerPair pair, String name) {
    var server = pair.server(name);
    return Server.connect(
        new ConnectionSettings(server.url(SCHEMA), server.user(), server.password()));
  }
}
