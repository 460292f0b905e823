package dev.halcyon.pair.start;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Refusal;
import dev.halcyon.model.TableSchema;
import dev.halcyon.mysql.Catalog;
import dev.halcyon.mysql.Row;
import dev.halcyon.mysql.Session;
import dev.halcyon.mysql.TableKey;
import dev.halcyon.pair.Fence;
import dev.halcyon.pair.Pair;
import dev.halcyon.pair.check.PairCheck;
import dev.halcyon.pair.check.Preconditions;
import dev.halcyon.sql.Sql;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What stands against making a pair, looked for before anything is changed. */
final class Fitness {
  /** Of the rules of a pair those that neither a copy nor a link mends. */
  private static final Set<String> NEEDED =
      Set.of(
          "P101", "P102", "P103", "P104", "P105", "P106", "P110", "P111", "P112", "P117", "P119");

  /** A warning for a pair that stands; a pair is made by these ids alone. */
  private static final String IDS = "P108";

  private final List<Finding> findings = new ArrayList<>();

  private Fitness() {}

  /**
   * @throws Refusal with everything at once
   */
  static void require(Pair pair, Side active, Side passive) {
    var fitness = new Fitness();
    fitness.rules(pair);
    fitness.settings(active, passive);
    for (var schema : Contents.schemas(active.session())) {
      fitness.tables(active, schema);
    }
    if (!fitness.findings.isEmpty()) {
      throw new Refusal(ExitStatus.FINDINGS, fitness.findings);
    }
  }

  private void rules(Pair pair) {
    for (var problem : Preconditions.of(PairCheck.read(pair, Duration.ofHours(1)))) {
      var finding = problem.finding();
      if (finding.code().equals(IDS)) {
        findings.add(Finding.error(IDS, null, finding.message(), finding.remedy()));
      } else if (finding.blocks() && NEEDED.contains(finding.code())) {
        findings.add(finding);
      }
    }
  }

  private void settings(Side active, Side passive) {
    if (Fence.closed(active.session())) {
      add(
          active + " would be the active server, and is read-only.",
          "On " + active + ": SET GLOBAL read_only = OFF");
    }
    var letters = value(active, "lower_case_table_names");
    if (!letters.equals(value(passive, "lower_case_table_names"))) {
      add(
          "The servers differ in lower_case_table_names, so names of tables would not be the same.",
          "Set up "
              + passive
              + " anew, with lower_case_table_names = "
              + letters
              + " in its configuration file.");
    }
    var trust = "log_bin_trust_function_creators";
    if (value(active, trust).equals("ON") && !value(passive, trust).equals("ON")) {
      add(
          active + " has " + trust + ", and may have functions that " + passive + " would refuse.",
          "On " + passive + ": SET GLOBAL " + trust + " = ON");
    }
    var followers =
        passive
            .session()
            .first(
                "SELECT COUNT(*) AS n FROM information_schema.processlist"
                    + " WHERE command LIKE 'Binlog Dump%'")
            .orElseThrow()
            .longValue("n");
    if (followers > 0) {
      add(
          passive + " would become a copy and forget its log, but a replica follows it.",
          "Stop the replicas of " + passive + ": SHOW PROCESSLIST has them.");
    }
  }

  private static String value(Side side, String variable) {
    return side.session()
        .first("SHOW GLOBAL VARIABLES LIKE '" + variable + "'")
        .map(row -> row.string(2))
        .orElse("");
  }

  /** What a snapshot does not hold, or what cannot be read in chunks. */
  private void tables(Side active, String schema) {
    var session = active.session();
    for (Row row :
        session.query(
            "SELECT table_name AS name, table_type AS kind FROM information_schema.tables"
                + " WHERE table_schema = ? AND table_type IN ('SEQUENCE', 'SYSTEM VERSIONED')",
            schema)) {
      add(
          "%s.%s is %s, which is not copied."
              .formatted(
                  schema,
                  row.string("name"),
                  row.string("kind").equals("SEQUENCE")
                      ? "a sequence"
                      : "a table with system versioning"),
          "Set " + active + "'s copy up by the server's own backup instead.");
    }
    session.execute("USE " + Sql.name(schema));
    var names = Catalog.tableNames(session, schema);
    for (TableSchema table : Catalog.tables(session, schema, names).values()) {
      if (!table.engine().equalsIgnoreCase("InnoDB")) {
        add(
            "%s.%s is kept by %s, and a snapshot holds tables of InnoDB only."
                .formatted(schema, table.name(), table.engine()),
            "ALTER TABLE " + Sql.name(schema, table.name()) + " ENGINE = InnoDB");
      }
      key(session, table);
    }
  }

  /** A table without any primary key is a finding of the rules. */
  private void key(Session session, TableSchema table) {
    if (table.primaryKey().isEmpty()) {
      return;
    }
    var key = table.chunkKey();
    if (key.isEmpty()) {
      findings.add(
          Finding.error(
              ErrorCode.NO_KEY.code(),
              null,
              "Table " + table.name() + " has no key over whole columns.",
              "Give it a primary key without a prefix."));
      return;
    }
    try {
      var _ = TableKey.read(session, table.name(), key.get().columns());
    } catch (Refusal refusal) {
      findings.addAll(refusal.findings());
    }
  }

  private void add(String message, String remedy) {
    findings.add(Finding.error(ErrorCode.PAIR_NOT_READY.code(), null, message, remedy));
  }
}
