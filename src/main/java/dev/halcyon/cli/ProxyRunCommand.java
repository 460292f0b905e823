package dev.halcyon.cli;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Finding;
import dev.halcyon.progress.Event;
import dev.halcyon.proxy.Traffic.SessionStatus;
import dev.halcyon.proxy.control.ControlToken;
import dev.halcyon.proxy.lease.SafeRelease;
import dev.halcyon.proxy.lease.SafeSide;
import dev.halcyon.proxy.lease.ServerSights;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code halcyon proxy run}. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = {
      "Leads clients to the server that is writable, until it is stopped by Ctrl-C, SIGTERM or",
      "halcyon proxy stop. Then it lets nobody in and waits for --drain until no session is at",
      "work. Exit status 1 if some were cut off at work."
    })
final class ProxyRunCommand implements Action {
  private static final Duration LOOK_LIMIT = Duration.ofSeconds(3);

  /** Nobody has been held; so nothing may be concluded from a server's never having left. */
  private static final Duration EVER = Duration.ofDays(365_000);

  @Option(
      names = "--take-over",
      description = {
        "Take the clients over from the proxy that runs already, if one does: the listening socket",
        "goes over, and the old process serves the sessions that it has until they end."
      })
  private boolean takeOver;

  @Override
  public Answer act(Invocation invocation) {
    var setup = ProxySetupReader.setup(invocation.layers().get());
    var token = ControlToken.provide(setup.tokenFile());
    var sights = new ServerSights(setup.monitoring(), LOOK_LIMIT);
    var rule = new SafeRelease(sights, setup.longestHold());
    try (var process = ProxyProcess.start(setup, token, rule, origin(setup, sights, token))) {
      invocation
          .stop()
          .serve(
              invocation.console(),
              "the proxy lets nobody in any more and ends once no session is at work",
              setup.drain().plusSeconds(10),
              process::stop);
      invocation.events().on(new Event.Note(process.toString()));
      return ended(process.awaitEnd());
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while clients are served", interruption);
    }
  }

  private Origin origin(ProxySetup setup, ServerSights sights, ControlToken token)
      throws InterruptedException {
    var running = takeOver ? Origin.takenOver(setup.control(), token) : Optional.<Origin>empty();
    return running.isPresent() ? running.get() : Origin.fresh(first(setup, sights));
  }

  private static Answer ended(List<SessionStatus> cut) {
    if (cut.isEmpty()) {
      return Answer.done("the proxy has ended; no session was at work\n", Map.of("cut", 0));
    }
    return Answer.findings(
        ErrorCode.SESSIONS_CUT.exitStatus(), cut.stream().map(ProxyRunCommand::finding).toList());
  }

  private static Finding finding(SessionStatus session) {
    var words =
        session.boundary().hindrances().stream()
            .sorted()
            .map(one -> one.words())
            .collect(Collectors.joining("; "));
    return Finding.error(
        ErrorCode.SESSIONS_CUT.code(),
        null,
        "%d %s %s was cut off: %s"
            .formatted(session.connectionId(), session.client(), session.user(), words),
        "A longer --drain waits for it.");
  }

  /** The only server, or the only one that is writable, or else the one that the settings name. */
  private static String first(ProxySetup setup, ServerSights sights) throws InterruptedException {
    var names = setup.servers().keySet();
    if (names.size() == 1) {
      return names.iterator().next();
    }
    String named = setup.first();
    String current = named == null ? names.iterator().next() : named;
    return switch (SafeSide.of(current, EVER, sights.look(current))) {
      case SafeSide.Release(String server) -> server;
      case SafeSide.Keep(String reason) -> {
        if (named == null) {
          throw ErrorCode.SERVER_UNDECIDED.refuse(
              "It cannot be told where clients should go: " + reason + ".",
              "Mend that, or name the server as " + Setting.PROXY_FIRST.key() + ".");
        }
        yield named;
      }
    };
  }
}
