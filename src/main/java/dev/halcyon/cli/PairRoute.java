package dev.halcyon.cli;

import dev.halcyon.pair.traffic.HaProxyAccess;
import dev.halcyon.pair.traffic.TrafficCommands;

/** How clients come to a pair. */
sealed interface PairRoute {
  /** By {@code halcyon proxy run}. */
  record ByProxy(ProxyAccess access) implements PairRoute {}

  record ByHaProxy(HaProxyAccess access) implements PairRoute {}

  record ByCommands(TrafficCommands commands) implements PairRoute {}
}
