package dev.halcyon.cli;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.pair.Withdrawal;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code halcyon pair abort}. */
@Command(
    name = "abort",
    mixinStandardHelpOptions = true,
    description = {
      "Brings what was interrupted to an end. A switchover or a funnel is undone, or, if it was past",
      "its point of no return, finished. A change of one server is given up if that server has the shape that",
      "it had before. The servers' own state decides; if it cannot be seen, nothing is done."
    })
final class PairAbortCommand implements Action {
  @Override
  public Answer act(Invocation invocation) {
    var setup = PairSetupReader.read(invocation.layers().get());
    try {
      var change =
          new Withdrawal(setup.pair(), invocation.events(), invocation.journalWrites()).withdraw();
      var outcome = change.isPresent() ? change.get() : switchover(setup, invocation);
      return Answer.done(outcome + "\n", Map.of("outcome", outcome));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw ErrorCode.STOPPED.refuse("The command was stopped.", "Type halcyon pair abort again.");
    }
  }

  private static String switchover(PairSetup setup, Invocation invocation)
      throws InterruptedException {
    try (var proxy = PairTraffic.open(setup)) {
      var funnel = proxy.funnel(setup, invocation).settle();
      var outcome = funnel.isPresent() ? funnel : proxy.switchover(setup, invocation).settle();
      return outcome.orElseThrow(
          () ->
              ErrorCode.NOTHING_TO_DO.refuse(
                  "Nothing was interrupted.", "See halcyon pair status."));
    }
  }
}
