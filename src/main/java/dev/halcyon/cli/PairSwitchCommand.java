package dev.halcyon.cli;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.pair.SwitchReport;
import dev.halcyon.progress.Figures;
import dev.halcyon.proxy.Traffic.Fate;
import java.util.LinkedHashMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code halcyon pair switch}. */
@Command(
    name = "switch",
    mixinStandardHelpOptions = true,
    description = {
      "Leads all clients from the active server to the passive one: holds them, fences the active",
      "server, waits until the other one has everything, opens that and moves the sessions.",
      "Whatever fails before the other server is opened is undone, and clients go on as before.",
      "A switchover that was interrupted is brought to its end first."
    })
final class PairSwitchCommand implements Action {
  @Option(
      names = "--back",
      description = "Only to the server that the last switchover has left; else nothing is done.")
  private boolean back;

  @Override
  public Answer act(Invocation invocation) {
    var setup = PairSetupReader.read(invocation.layers().get());
    try (var proxy = PairTraffic.open(setup)) {
      var switchover = proxy.switchover(setup, invocation);
      return answer(back ? switchover.back() : switchover.next());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw ErrorCode.STOPPED.refuse(
          "The switchover was stopped.",
          "Type halcyon pair switch" + (back ? " --back" : "") + " again.");
    }
  }

  private static Answer answer(SwitchReport report) {
    var sessions = report.moves().sessions();
    long moved = sessions.stream().filter(one -> one.fate() == Fate.MOVED).count();
    var text = new StringBuilder();
    text.append(
        "%s is the active server, %s the passive one%n".formatted(report.to(), report.from()));
    if (!report.pause().isZero()) {
      text.append(
          "clients were held for %s; %s of %s moved%n"
              .formatted(
                  Figures.duration(report.pause()),
                  moved,
                  Figures.count(sessions.size(), "session")));
    }
    report.notes().forEach(note -> text.append(note).append('\n'));
    var fields = new LinkedHashMap<String, Object>();
    fields.put("active", report.to());
    fields.put("passive", report.from());
    fields.put("pauseMs", report.pause().toNanos() / 1e6);
    fields.put("sessions", sessions.size());
    fields.put("sessionsMoved", moved);
    fields.put("notes", report.notes());
    return Answer.done(text.toString(), fields);
  }
}
