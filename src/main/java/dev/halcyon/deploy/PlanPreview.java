package dev.halcyon.deploy;

import dev.halcyon.journal.ChangeRecord;
import dev.halcyon.journal.JournalReader;
import dev.halcyon.journal.JournalTables;
import dev.halcyon.model.ServerFacts;
import dev.halcyon.model.Version;
import dev.halcyon.plan.Plan;
import dev.halcyon.plan.PlanJson;
import dev.halcyon.sql.Script;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Shows plans without a lease: nothing is changed, so a run may work meanwhile. */
final class PlanPreview {
  private final DeploySettings settings;
  private final Planning planning;

  PlanPreview(DeploySettings settings, Planning planning) {
    this.settings = settings;
    this.planning = planning;
  }

  /** Plans by version; those that have begun as stored. */
  List<Plan> plans(List<Version> named, boolean outOfOrder) {
    var folder = MigrationsFolder.parse(settings.migrations(), settings.server());
    try (var session = settings.server().open("plan")) {
      var reader = new JournalReader(session);
      var initialised = JournalTables.exist(session);
      List<ChangeRecord> records = initialised ? Untouched.without(reader) : List.of();
      var selection = new Selection(folder, records);
      var plans = new ArrayList<Plan>();
      var pending = new ArrayList<Script>();
      var chosen = selection.toShow(named, outOfOrder);
      for (var script : chosen.scripts()) {
        if (selection.pending(script.version())) {
          pending.add(script);
        } else {
          plans.add(PlanJson.read(reader.plan(script.version())));
        }
      }
      List<ServerFacts.Window> windows = initialised ? StoredWindows.read(reader) : List.of();
      plans.addAll(chosen.plans(planning, pending, windows));
      plans.sort(Comparator.comparing(Plan::version));
      return plans;
    }
  }
}
