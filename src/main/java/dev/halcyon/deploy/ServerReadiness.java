package dev.halcyon.deploy;

import dev.halcyon.journal.JournalTables;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Refusal;
import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.Server;
import dev.halcyon.mysql.ServerChecks;
import dev.halcyon.mysql.Session;
import java.util.Arrays;

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
    var first = findings.stream().filter(Finding::blocks).findFirst();
    if (first.isPresent()) {
      throw new Refusal(exitStatus(first.get()), findings);
    }
  }

  private static ExitStatus exitStatus(Finding finding) {
    return Arrays.stream(ErrorCode.values())
        .filter(code -> code.code().equals(finding.code()))
        .map(ErrorCode::exitStatus)
        .findFirst()
        .orElse(ExitStatus.FAILED);
  }
}
