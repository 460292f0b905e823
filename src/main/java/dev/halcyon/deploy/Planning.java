package dev.halcyon.deploy;

import dev.halcyon.model.ServerFacts;
import dev.halcyon.plan.Plan;
import dev.halcyon.sql.Script;
import java.util.List;

/** Makes plans of changes against the server as it is now. */
@FunctionalInterface
interface Planning {
  /**
   * Plans changes as if each were made when those before it are done.
   *
   * @param windows what is open now
   * @return one plan for each, in the same order
   * @throws dev.halcyon.model.Refusal with every finding about any of them
   */
  List<Plan> plans(List<Script> scripts, List<ServerFacts.Window> windows);
}
