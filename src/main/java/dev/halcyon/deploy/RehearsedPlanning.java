package dev.halcyon.deploy;

import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Refusal;
import dev.halcyon.model.ServerFacts;
import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.Rehearsal;
import dev.halcyon.mysql.Server;
import dev.halcyon.plan.Limits;
import dev.halcyon.plan.Plan;
import dev.halcyon.plan.Planner;
import dev.halcyon.rebuild.CaptureBy;
import dev.halcyon.sql.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Derives plans and tries them out in a scratch schema of the same server. */
final class RehearsedPlanning implements Planning {
  private final Server server;
  private final Limits limits;
  private final CaptureBy capture;

  RehearsedPlanning(Server server, Limits limits, CaptureBy capture) {
    this.server = server;
    this.limits = limits;
    this.capture = capture;
  }

  @Override
  public List<Plan> plans(List<Script> scripts, List<ServerFacts.Window> windows) {
    if (scripts.isEmpty()) {
      return List.of();
    }
    try {
      return rehearsed(scripts, windows);
    } catch (Fault.Refused refused) {
      try (var session = server.open("checks")) {
        ServerReadiness.explain(session, refused);
      }
      throw refused;
    }
  }

  private List<Plan> rehearsed(List<Script> scripts, List<ServerFacts.Window> windows) {
    try (var session = server.open("rehearsal");
        var rehearsal = Rehearsal.open(session, server.schema())) {
      rehearsal.expect(scripts);
      var plans = new ArrayList<Plan>();
      var open = new ArrayList<>(windows);
      var findings = new ArrayList<Finding>();
      var status = ExitStatus.FINDINGS;
      var unplanned = new ArrayList<Script>();
      for (var script : scripts) {
        // What a refused change would have made cannot be missing because of this one.
        if (unplanned.stream().anyMatch(before -> ScriptNames.buildsOn(script, before))) {
          unplanned.add(script);
          continue;
        }
        try {
          var plan = plan(rehearsal, script, open);
          if (plans.stream().noneMatch(before -> shareTable(before, plan))) {
            new RebuildExamination(server, capture).require(plan);
          }
          plans.add(plan);
          StoredWindows.of(plan).ifPresent(open::add);
          rehearsal.assume(script.version());
        } catch (Refusal refusal) {
          status = findings.isEmpty() ? refusal.exitStatus() : status;
          findings.addAll(refusal.findings());
          unplanned.add(script);
        }
      }
      if (!unplanned.isEmpty()) {
        throw new Refusal(status, findings);
      }
      return plans;
    }
  }

  /** Then the table is not yet as the later change will find it; that one is planned again. */
  private static boolean shareTable(Plan before, Plan later) {
    var tables = tables(before).toList();
    return tables(later).anyMatch(tables::contains);
  }

  private static Stream<String> tables(Plan plan) {
    return plan.touches().stream().map(t -> t.replaceFirst("\\..*", "").toLowerCase(Locale.ROOT));
  }

  private Plan plan(Rehearsal rehearsal, Script script, List<ServerFacts.Window> windows) {
    var facts = rehearsal.facts(script, windows);
    var draft = Planner.draft(script, facts);
    return Planner.finish(draft, rehearsal.rehearse(draft), facts, limits);
  }
}
