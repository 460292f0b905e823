package dev.halcyon.cli;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Refusal;
import dev.halcyon.pair.FunnelReport;
import dev.halcyon.pair.check.PairCheck;
import dev.halcyon.pair.check.Preconditions;
import dev.halcyon.pair.check.Problem;
import dev.halcyon.progress.Event;
import dev.halcyon.progress.Figures;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code halcyon pair funnel}. */
@Command(
    name = "funnel",
    mixinStandardHelpOptions = true,
    description = {
      "Leads all clients of two servers that are both written to, to one of them, and fences the",
      "other one: an active/passive pair, on which changes can be made. With --back it is opened",
      "again, and its clients go home. No client has an error; whatever fails is undone."
    })
final class PairFunnelCommand implements Action {
  @Parameters(
      paramLabel = "SERVER",
      arity = "0..1",
      description = "The server that keeps its clients and gets those of the other one.")
  private @Nullable String server;

  @Option(names = "--back", description = "Give clients back to the server that was left.")
  private boolean back;

  @Override
  public Answer act(Invocation invocation) {
    if (back == (server != null)) {
      throw ErrorCode.SERVER_UNKNOWN.refuse(
          "Name the server that gets all clients, or give them back.",
          "halcyon pair funnel SERVER, or halcyon pair funnel --back");
    }
    var setup = PairSetupReader.read(invocation.layers().get());
    requireFit(setup, invocation);
    try (var traffic = PairTraffic.open(setup)) {
      var funnel = traffic.funnel(setup, invocation);
      return answer(server == null ? funnel.back() : funnel.to(server));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw ErrorCode.STOPPED.refuse("The command was stopped.", "Type the same again.");
    }
  }

  /**
   * Two writers whose keys collide are not made of one. Where there are two already, that is told:
   * the funnel is the way out.
   */
  private void requireFit(PairSetup setup, Invocation invocation) {
    var facts = PairCheck.read(setup.pair(), setup.settings().longestLag());
    var findings =
        Preconditions.forTwoWriters(facts).stream()
            .map(Problem::finding)
            .filter(Finding::blocks)
            .toList();
    if (back && !findings.isEmpty()) {
      throw new Refusal(ExitStatus.FINDINGS, findings);
    }
    findings.forEach(
        finding ->
            invocation.events().on(new Event.Note(finding.code() + ": " + finding.message())));
  }

  private Answer answer(FunnelReport report) {
    var sessions = report.moves().sessions().size();
    var text = new StringBuilder();
    text.append(
        back
            ? "%s is writable, as %s is%n".formatted(report.to(), report.from())
            : "all clients are at %s; %s is the passive server%n"
                .formatted(report.to(), report.from()));
    if (!report.pause().isZero()) {
      text.append(
          "clients of %s were held for %s; %s moved%n"
              .formatted(
                  String.join(", ", report.proxies()),
                  Figures.duration(report.pause()),
                  Figures.count(sessions, "session")));
    }
    report.notes().forEach(note -> text.append(note).append('\n'));
    var fields = new LinkedHashMap<String, Object>();
    fields.put("from", report.from());
    fields.put("to", report.to());
    fields.put("proxies", report.proxies());
    fields.put("pauseMs", report.pause().toNanos() / 1e6);
    fields.put("sessions", sessions);
    fields.put("notes", report.notes());
    return Answer.done(text.toString(), fields);
  }
}
