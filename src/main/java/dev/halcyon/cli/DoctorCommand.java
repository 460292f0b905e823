package dev.halcyon.cli;

import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Finding;
import dev.halcyon.mysql.Server;
import dev.halcyon.mysql.ServerChecks;
import java.util.LinkedHashMap;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code halcyon doctor}. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Says what of the server and the account stands against a run, each with what mends it.",
      "Exit status 1 if something would stop a run. The same checks run before every expand."
    })
final class DoctorCommand implements Action {
  @Override
  public Answer act(Invocation invocation) {
    return Workplace.use(invocation, workplace -> examine(workplace.server()));
  }

  private static Answer examine(Server server) {
    List<Finding> findings;
    try (var session = server.open("doctor")) {
      findings = ServerChecks.check(session);
    }
    boolean fit = findings.stream().noneMatch(Finding::blocks);
    var fields = new LinkedHashMap<String, Object>();
    fields.put("server", server.toString());
    fields.put("fit", fit);
    fields.put("findings", FindingText.fields(findings));
    return new Answer(
        fit ? ExitStatus.DONE : ExitStatus.FINDINGS,
        server + (fit ? ": fit for a run\n" : ": not fit for a run\n"),
        FindingText.of(findings),
        fields);
  }
}
