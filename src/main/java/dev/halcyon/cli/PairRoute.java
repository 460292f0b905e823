package dev.halcyon.cli;

import dev.halcyon.pair.traffic.HaProxyAccess;
import dev.halcyon.pair.traffic.TrafficCommands;
import java.util.LinkedHashMap;
import java.util.Map;

/** How clients come to a pair. */
sealed interface PairRoute {
  /** By {@code halcyon proxy run}. */
  record ByProxy(ProxyAccess access) implements PairRoute {}

  /** By several of them, each with clients of its own. */
  record ByProxies(Map<String, ProxyAccess> accesses) implements PairRoute {
    public ByProxies {
      accesses = new LinkedHashMap<>(accesses);
    }
  }

  record ByHaProxy(HaProxyAccess access) implements PairRoute {}

  record ByCommands(TrafficCommands commands) implements PairRoute {}
}
