package dev.halcyon.deploy;

import dev.halcyon.journal.JournalTables;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Refusal;
import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.Server;
import dev.halcyon.mysql.ServerChecks;
import dev.halcyon.mysql.Session;

/** Looks at server and account before a run, so that nothing fails half-way for want of a grant. */
final class ServerReadiness {
  private ServerReadiness() {}

  /**
   * @throws Refusal HAL-114 to 117 with every finding, HAL-120 before init
   */
  static void refuse(Server server) {
    try (var session = server.open("checks")) {
      JournalTables.check(session);
      refuse(session);
    }
  }

  /** Says in our own words why the server refused, if the checks know it; else returns. */
  static void explain(Session session, Fault.Refused refused) {
    try {
      refuse(session);
    } catch (Refusal refusal) {
      refusal.addSuppressed(refused);
      throw refusal;
    }
  }

  private static void refuse(Session session) {
    var findings = ServerChecks.check(session);
    var errors = findings.stream().filter(Finding::blocks).toList();
    if (!errors.isEmpty()) {
      throw new Refusal(ErrorCode.exitStatus(errors), findings);
    }
  }
}
