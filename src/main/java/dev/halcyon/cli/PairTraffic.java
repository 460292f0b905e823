package dev.halcyon.cli;

import dev.halcyon.pair.Switchover;
import dev.halcyon.pair.traffic.CommandTraffic;
import dev.halcyon.pair.traffic.HaProxyTraffic;
import dev.halcyon.proxy.Traffic;
import dev.halcyon.proxy.control.ControlClient;
import dev.halcyon.proxy.control.ControlToken;
import dev.halcyon.proxy.control.RemoteTraffic;

/**
 * A controller's say over the clients of a pair.
 *
 * @param end gives up what the say needs
 */
record PairTraffic(Traffic traffic, Runnable end) implements AutoCloseable {

  static PairTraffic open(PairSetup setup) {
    return switch (setup.route()) {
      case PairRoute.ByProxy(var access) -> {
        var client = new ControlClient(access.control(), ControlToken.read(access.tokenFile()));
        yield new PairTraffic(new RemoteTraffic(client), client::close);
      }
      case PairRoute.ByHaProxy(var access) -> {
        var haProxy = new HaProxyTraffic(access, setup.pair());
        yield new PairTraffic(haProxy, haProxy::close);
      }
      case PairRoute.ByCommands(var commands) ->
          new PairTraffic(new CommandTraffic(commands, setup.pair()), () -> {});
    };
  }

  /** A switchover is not to be ended halfway: Ctrl-C waits for its end. */
  Switchover switchover(PairSetup setup, Invocation invocation) {
    invocation.stop().listen(invocation.console(), invocation.line());
    return new Switchover(
        setup.pair(), traffic, setup.settings(), invocation.events(), invocation.journalWrites());
  }

  @Override
  public void close() {
    end.run();
  }
}
