package dev.halcyon.cli;

import dev.halcyon.mysql.ConnectionSettings;
import dev.halcyon.pair.Member;
import dev.halcyon.pair.Pair;
import dev.halcyon.pair.PairSettings;
import dev.halcyon.proxy.Traffic.Immovable;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts the settings of a pair together. */
final class PairSetupReader {
  /** A switch with a budget of less could not even look at the servers. */
  private static final Duration LEAST = Duration.ofMillis(100);

  private PairSetupReader() {}

  /**
   * @throws dev.halcyon.model.Refusal HAL-101 with every problem
   */
  static PairSetup read(Layers layers) {
    layers.required(Setting.PAIR_SERVERS);
    var user = layers.required(Setting.USER);
    var password = SettingsReader.password(layers);
    var authority = layers.path(Setting.CA).orElse(null);
    var members =
        layers.table(Setting.PAIR_SERVERS).entrySet().stream()
            .map(
                entry ->
                    new Member(
                        entry.getKey(),
                        new ConnectionSettings(entry.getValue(), user, password, authority)))
            .toList();
    if (layers.given(Setting.PAIR_SERVERS).isPresent() && members.size() != 2) {
      layers.report(
          layers.origin(Setting.PAIR_SERVERS) + ": a pair has two servers, not " + members.size(),
          "");
    }
    var longestLag = layers.duration(Setting.PAIR_LONGEST_LAG, Duration.ofMillis(10));
    var catchUp = layers.duration(Setting.PAIR_CATCH_UP, LEAST);
    var longestTransaction = layers.duration(Setting.PAIR_LONGEST_TRANSACTION, LEAST);
    var migrations = layers.path(Setting.MIGRATIONS).orElse(layers.folder());
    var route = PairRouteReader.read(layers, user, password, authority);
    var proxy = ProxySetupReader.access(layers);
    return new PairSetup(
        pair(members),
        new PairSettings(
            longestLag,
            catchUp,
            longestTransaction,
            proxy.grace(),
            policy(proxy.policy()),
            proxy.lease()),
        migrations,
        route(layers, route, proxy));
  }

  private static PairRoute route(Layers layers, @Nullable PairRoute other, ProxyAccess proxy) {
    var several = ProxySetupReader.accesses(layers, proxy);
    if (several.isEmpty()) {
      return other == null ? new PairRoute.ByProxy(proxy) : other;
    }
    if (other != null) {
      layers.report(
          layers.origin(Setting.PAIR_PROXIES)
              + ": "
              + Setting.PAIR_PROXIES.key()
              + " and "
              + Setting.PAIR_TRAFFIC.key()
              + " exclude each other.",
          "");
      layers.throwIfProblems();
    }
    return new PairRoute.ByProxies(several);
  }

  private static Pair pair(List<Member> members) {
    return new Pair(members.getFirst(), members.getLast());
  }

  private static Immovable policy(ProxyAccess.Policy policy) {
    return switch (policy) {
      case GIVE_UP -> Immovable.GIVE_UP;
      case CLOSE_IDLE -> Immovable.CLOSE;
    };
  }
}
