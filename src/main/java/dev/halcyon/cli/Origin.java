package dev.halcyon.cli;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Refusal;
import dev.halcyon.proxy.Traffic;
import dev.halcyon.proxy.control.ControlClient;
import dev.halcyon.proxy.control.ControlToken;
import dev.halcyon.proxy.control.RemoteTraffic;
import dev.halcyon.proxy.control.SocketOffer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy begins with: nothing, or what a running one hands over.
 *
 * @param server the name of the one that clients are led to
 * @param taken the listening socket, if it is handed over
 * @param older the running proxy, once it has handed over
 * @param former where the running proxy is told that it has
 */
record Origin(
    String server,
    SocketOffer.@Nullable Taken taken,
    @Nullable Traffic older,
    @Nullable ControlClient former)
    implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  static Origin fresh(String server) {
    return new Origin(server, null, null, null);
  }

  /**
   * @return empty if no proxy runs there
   * @throws Refusal HAL-709 if it does not hand over
   */
  static Optional<Origin> takenOver(InetSocketAddress control, ControlToken token)
      throws InterruptedException {
    var former = new ControlClient(control, token);
    try {
      var offered = former.post("/hand-over", Map.of(), PATIENCE);
      var taken = SocketOffer.take(Path.of(offered.path("socket").asString()), PATIENCE);
      var older = new ControlClient(address(offered.path("control").asString()), token);
      return Optional.of(
          new Origin(offered.path("server").asString(), taken, new RemoteTraffic(older), former));
    } catch (Refusal refusal) {
      former.close();
      String code = refusal.findings().getFirst().code();
      if (code.equals(ErrorCode.PROXY_UNREACHABLE.code())) {
        return Optional.empty();
      }
      throw refused(refusal);
    } catch (IOException failure) {
      former.close();
      throw refused(failure);
    }
  }

  /**
   * From now on clients come in here.
   *
   * @throws Refusal HAL-709 if the running proxy does not agree; it goes on as if nothing were
   */
  void begun() {
    var told = former;
    if (told != null) {
      try (told) {
        var _ = told.post("/handed-over", Map.of(), PATIENCE);
      } catch (Refusal refusal) {
        throw refused(refusal);
      }
    }
  }

  /** The older process ends, too. */
  @Override
  public void close() {
    if (taken != null) {
      taken.close();
    }
  }

  private static Refusal refused(Exception cause) {
    return ErrorCode.TAKE_OVER.refuse(
        "The running proxy does not hand over: " + cause.getMessage() + ".",
        "See: halcyon proxy status");
  }

  private static InetSocketAddress address(String text) throws UnknownHostException {
    var uri = URI.create("http://" + text);
    return new InetSocketAddress(InetAddress.getByName(uri.getHost()), uri.getPort());
  }
}
