package dev.halcyon.cli;

import java.util.Map;
import picocli.CommandLine.Command;

/** {@code halcyon proxy release}. */
@Command(
    name = "release",
    mixinStandardHelpOptions = true,
    description = "Lets all held clients go on, whoever has held them.")
final class ProxyReleaseCommand implements Action {
  @Override
  public Answer act(Invocation invocation) {
    try (var proxy = ProxyConnection.open(invocation)) {
      boolean held = proxy.status().path("held").asBoolean();
      var _ = proxy.post("release");
      return Answer.done(held ? "clients go on\n" : "nobody was held\n", Map.of("released", held));
    }
  }
}
