package dev.halcyon.deploy;

import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Refusal;
import dev.halcyon.model.ServerFacts;
import dev.halcyon.plan.Plan;
import dev.halcyon.sql.Script;
import java.util.ArrayList;
import java.util.List;

/**
 * The changes that a command is about, by version, and what their files alone say against them.
 *
 * @param findings may hold some that do not block
 */
record Chosen(List<Script> scripts, List<Finding> findings) {
  Chosen {
    scripts = List.copyOf(scripts);
    findings = List.copyOf(findings);
  }

  /**
   * Plans those of the changes that have not begun. What the files say and what the server says is
   * told at once.
   *
   * @throws Refusal with every finding about any of the files
   */
  List<Plan> plans(Planning planning, List<Script> pending, List<ServerFacts.Window> windows) {
    if (findings.stream().noneMatch(Finding::blocks)) {
      return planning.plans(pending, windows);
    }
    var all = new ArrayList<>(findings);
    try {
      var _ = planning.plans(sound(pending), windows);
    } catch (Refusal more) {
      all.addAll(more.findings());
    }
    throw new Refusal(ExitStatus.FINDINGS, all);
  }

  /** Those that are worth asking the server about. */
  private List<Script> sound(List<Script> pending) {
    var sound = new ArrayList<Script>();
    var unsound = new ArrayList<Script>();
    for (var script : pending) {
      var misses =
          blocked(script)
              || unsound.stream().anyMatch(before -> ScriptNames.buildsOn(script, before));
      (misses ? unsound : sound).add(script);
    }
    return sound;
  }

  private boolean blocked(Script script) {
    return findings.stream()
        .filter(Finding::blocks)
        .map(Finding::place)
        .anyMatch(place -> place != null && place.file().equals(script.file()));
  }
}
