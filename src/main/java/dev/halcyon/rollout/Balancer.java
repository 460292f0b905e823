package dev.halcyon.rollout;

import dev.halcyon.balancer.BalancerException;
import dev.halcyon.balancer.Counters;
import dev.halcyon.rollout.Release.Party;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What stands before both versions and gives each its part of the traffic. Every method may throw
 * {@link BalancerException}.
 */
sealed interface Balancer permits HaProxy, CommandBalancer {

  static Balancer of(Release release) {
    return switch (release.balancing()) {
      case Release.HaProxyAccess access -> new HaProxy(access, release.from(), release.to());
      case Release.Commands commands -> new CommandBalancer(commands, release);
    };
  }

  /** What stands against a release, looked at before anything is changed. */
  List<String> problems();

  /** Whether users may be on the new version now; empty if it cannot be told. */
  Optional<Boolean> taken();

  /** Gives the new version so many percent of the traffic, the old one the rest. */
  void share(int percent);

  /** A version that has no weight may be checked; it gets nothing yet. */
  void admit(Party party);

  /** Why it does not stand as {@link #share} has left it; empty if it does, or cannot be told. */
  Optional<String> deviation(int percent);

  /** Why a version cannot be given traffic; empty if it can, or nothing is known against it. */
  Optional<String> unusable(Party party);

  /** Empty if there is nothing that counts. */
  Optional<Counters> counters(Party party);

  /** A version gets nothing new, except sessions that belong to it. */
  void drain(Party party);

  /** A version gets nothing at all any more. */
  void retire(Party party);

  /** How many sessions a version still has; empty if nothing counts them. */
  OptionalLong sessions(Party party);

  /** What a step would send, for people. */
  List<String> script(ReleaseStep step);
}
