package dev.halcyon.cli;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Finding;
import dev.halcyon.progress.Figures;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** {@code halcyon proxy hold}. */
@Command(
    name = "hold",
    mixinStandardHelpOptions = true,
    description = {
      "Lets no session begin a command once it is at a boundary, and waits for --grace until all",
      "are. If some are not: exit status 1, each is named, and all go on; with --policy close-idle",
      "those are closed. When --lease ends, the proxy looks at the servers and decides."
    })
final class ProxyHoldCommand implements Action {
  @Override
  public Answer act(Invocation invocation) {
    try (var proxy = ProxyConnection.open(invocation)) {
      var access = proxy.access();
      long lease = access.lease().toMillis();
      long hold = proxy.post("hold", Map.of("leaseMs", lease), Duration.ZERO).path("hold").asLong();
      var own = Map.<String, Object>of("hold", hold);
      boolean drained = isDrained(proxy.post("drained", own, access.grace()));
      var stragglers = drained ? List.<String>of() : ProxyStatusText.stragglers(proxy.status());
      if (!drained && access.policy() == ProxyAccess.Policy.CLOSE_IDLE) {
        drained = isDrained(proxy.post("close-stragglers", own, access.grace()));
      }
      if (!drained) {
        proxy.post("release", own, Duration.ZERO);
        return Answer.findings(
            ErrorCode.NOT_DRAINED.exitStatus(),
            stragglers.isEmpty()
                ? List.of(finding("sessions were logging in, or have come to a boundary just now"))
                : stragglers.stream().map(ProxyHoldCommand::finding).toList());
      }
      return Answer.done(
          "held and drained; the lease ends in %s%n".formatted(Figures.duration(access.lease())),
          Map.of("hold", hold, "drained", true, "leaseMs", lease, "closed", closed(stragglers)));
    }
  }

  private static boolean isDrained(JsonNode answer) {
    return answer.path("drained").asBoolean();
  }

  private static List<String> closed(List<String> stragglers) {
    return stragglers;
  }

  private static Finding finding(String straggler) {
    return Finding.error(
        ErrorCode.NOT_DRAINED.code(),
        null,
        straggler,
        "Wait for its end, or give --policy close-idle.");
  }
}
