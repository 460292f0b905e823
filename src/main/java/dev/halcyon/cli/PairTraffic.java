package dev.halcyon.cli;

import dev.halcyon.pair.Switchover;
import dev.halcyon.proxy.Traffic;
import dev.halcyon.proxy.control.ControlClient;
import dev.halcyon.proxy.control.ControlToken;
import dev.halcyon.proxy.control.RemoteTraffic;

/** A controller's connection to the proxy that stands before the pair. */
final class PairTraffic implements AutoCloseable {
  private final ControlClient client;
  private final Traffic traffic;

  private PairTraffic(ProxyAccess access) {
    this.client = new ControlClient(access.control(), ControlToken.read(access.tokenFile()));
    this.traffic = new RemoteTraffic(client);
  }

  static PairTraffic open(PairSetup setup) {
    return new PairTraffic(setup.proxy());
  }

  Traffic traffic() {
    return traffic;
  }

  /** A switchover is not to be ended halfway: Ctrl-C waits for its end. */
  Switchover switchover(PairSetup setup, Invocation invocation) {
    invocation.stop().listen(invocation.console(), invocation.line());
    return new Switchover(
        setup.pair(), traffic, setup.settings(), invocation.events(), invocation.journalWrites());
  }

  @Override
  public void close() {
    client.close();
  }
}
