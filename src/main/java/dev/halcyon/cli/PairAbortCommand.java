package dev.halcyon.cli;

import dev.halcyon.model.ErrorCode;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code halcyon pair abort}. */
@Command(
    name = "abort",
    mixinStandardHelpOptions = true,
    description = {
      "Brings a switchover that was interrupted to an end: undoes it, or, if it was past its point",
      "of no return, finishes it. The servers' own state decides; if it cannot be seen, nothing is",
      "done."
    })
final class PairAbortCommand implements Action {
  @Override
  public Answer act(Invocation invocation) {
    var setup = PairSetupReader.read(invocation.layers().get());
    try (var proxy = PairTraffic.open(setup)) {
      var outcome =
          proxy
              .switchover(setup, invocation)
              .settle()
              .orElseThrow(
                  () ->
                      ErrorCode.NOTHING_TO_DO.refuse(
                          "No switchover was interrupted.", "See halcyon pair status."));
      return Answer.done(outcome + "\n", Map.of("outcome", outcome));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw ErrorCode.STOPPED.refuse("The command was stopped.", "Type halcyon pair abort again.");
    }
  }
}
