package dev.halcyon.cli;

import picocli.CommandLine.Command;

/** {@code halcyon proxy status}. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = {
      "Says where clients go, whether they are held, and of each session whether it is at a",
      "boundary or what keeps it from there."
    })
final class ProxyStatusCommand implements Action {
  @Override
  public Answer act(Invocation invocation) {
    try (var proxy = ProxyConnection.open(invocation)) {
      var status = proxy.status();
      return Answer.done(ProxyStatusText.of(status), ProxyConnection.fields(status));
    }
  }
}
