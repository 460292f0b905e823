package dev.halcyon.cli;

import dev.halcyon.pair.EveryProxy;
import dev.halcyon.pair.Funnel;
import dev.halcyon.pair.Switchover;
import dev.halcyon.pair.traffic.CommandTraffic;
import dev.halcyon.pair.traffic.HaProxyTraffic;
import dev.halcyon.proxy.Traffic;
import dev.halcyon.proxy.control.ControlClient;
import dev.halcyon.proxy.control.ControlToken;
import dev.halcyon.proxy.control.RemoteTraffic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A controller's say over the clients of a pair.
 *
 * @param proxies whatever stands before the servers, each with clients of its own, by name
 * @param end gives up what the say needs
 */
record PairTraffic(Map<String, Traffic> proxies, Runnable end) implements AutoCloseable {

  static PairTraffic open(PairSetup setup) {
    return switch (setup.route()) {
      case PairRoute.ByProxy(var access) -> several(Map.of("proxy", access));
      case PairRoute.ByProxies(var accesses) -> several(accesses);
      case PairRoute.ByHaProxy(var access) -> {
        var haProxy = new HaProxyTraffic(access, setup.pair());
        yield new PairTraffic(Map.of("HAProxy", haProxy), haProxy::close);
      }
      case PairRoute.ByCommands(var commands) ->
          new PairTraffic(Map.of("commands", new CommandTraffic(commands, setup.pair())), () -> {});
    };
  }

  private static PairTraffic several(Map<String, ProxyAccess> accesses) {
    var clients = new ArrayList<ControlClient>();
    var proxies = new LinkedHashMap<String, Traffic>();
    accesses.forEach(
        (name, access) -> {
          var client = new ControlClient(access.control(), ControlToken.read(access.tokenFile()));
          clients.add(client);
          proxies.put(name, new RemoteTraffic(client));
        });
    return new PairTraffic(proxies, () -> clients.forEach(ControlClient::close));
  }

  Traffic traffic() {
    return EveryProxy.of(proxies.values());
  }

  Funnel funnel(PairSetup setup, Invocation invocation) {
    invocation.stop().listen(invocation.console(), invocation.line());
    return new Funnel(
        setup.pair(), proxies, setup.settings(), invocation.events(), invocation.journalWrites());
  }

  /** A switchover is not to be ended halfway: Ctrl-C waits for its end. */
  Switchover switchover(PairSetup setup, Invocation invocation) {
    invocation.stop().listen(invocation.console(), invocation.line());
    return new Switchover(
        setup.pair(), traffic(), setup.settings(), invocation.events(), invocation.journalWrites());
  }

  @Override
  public void close() {
    end.run();
  }
}
