package dev.halcyon.cli;

import java.util.Map;
import picocli.CommandLine.Command;

/** {@code halcyon proxy stop}. */
@Command(
    name = "stop",
    mixinStandardHelpOptions = true,
    description = {
      "Asks the proxy to end: it lets nobody in, waits for its drain time until no session is at work,",
      "closes them all and ends. Does not wait for that."
    })
final class ProxyStopCommand implements Action {
  @Override
  public Answer act(Invocation invocation) {
    try (var proxy = ProxyConnection.open(invocation)) {
      var _ = proxy.post("stop");
      return Answer.done("the proxy ends\n", Map.of());
    }
  }
}
