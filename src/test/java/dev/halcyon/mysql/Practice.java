package dev.halcyon.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.model.Version;
import dev.halcyon.plan.Draft;
import dev.halcyon.plan.Limits;
import dev.halcyon.plan.Plan;
import dev.halcyon.plan.Planner;
import dev.halcyon.plan.Rehearsed;
import dev.halcyon.sql.Script;
import dev.halcyon.sql.ScriptParser;
import dev.halcyon.sql.SourceFile;
import dev.halcyon.testing.Account;
import dev.halcyon.testing.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A rehearsal on a test's database, from the text of a file to the plan. */
final class Practice implements AutoCloseable {
  private final Database database;
  private final Server server;
  private final Session session;
  private final Rehearsal rehearsal;

  Practice(Database database) {
    this(database, new Account(database.user(), database.password()));
  }

  Practice(Database database, Account account) {
    this.database = database;
    this.server =
        Server.connect(new ConnectionSettings(database.url(), account.user(), account.password()));
    this.session = server.open("rehearsal");
    this.rehearsal = Rehearsal.open(session, database.schema());
  }

  Server server() {
    return server;
  }

  Session session() {
    return session;
  }

  Rehearsal rehearsal() {
    return rehearsal;
  }

  /** What became of one change. */
  record Outcome(Draft draft, List<Rehearsed> rehearsed, Plan plan) {
    Rehearsed of(String id) {
      return rehearsed.stream().filter(r -> r.id().equals(id)).findFirst().orElseThrow();
    }
  }

  Outcome plan(String text) {
    return plan(script(text));
  }

  Outcome plan(Script script) {
    var facts = rehearsal.facts(script, List.of());
    var draft = Planner.draft(script, facts);
    var rehearsed = rehearsal.rehearse(draft);
    return new Outcome(
        draft, rehearsed, Planner.finish(draft, rehearsed, facts, new Limits(1_000_000)));
  }

  Script script(String text) {
    return scripts(Map.of("V7__change.sql", text)).getFirst();
  }

  List<Script> scripts(Map<String, String> files) {
    var sources = new ArrayList<SourceFile>();
    files.forEach((name, text) -> sources.add(new SourceFile(name, text)));
    var folder = ScriptParser.parse(database.engine(), database.schema(), sources);
    assertThat(folder.findings()).isEmpty();
    return folder.scripts();
  }

  void assume(Version version) {
    rehearsal.assume(version);
  }

  @Override
  public void close() {
    rehearsal.close();
    session.close();
  }
}
