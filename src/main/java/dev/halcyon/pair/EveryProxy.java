package dev.halcyon.pair;

import dev.halcyon.proxy.Traffic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Several proxies, each with clients of its own, as one traffic: a hold covers the clients of all
 * of them. Thread-safe if they are.
 *
 * @param parts at least two
 */
public record EveryProxy(List<Traffic> parts) implements Traffic {

  public EveryProxy {
    parts = List.copyOf(parts);
    if (parts.size() < 2) {
      throw new IllegalArgumentException("one proxy is a traffic by itself");
    }
  }

  /** One traffic of one or more. */
  public static Traffic of(Collection<Traffic> proxies) {
    return proxies.size() == 1 ? proxies.iterator().next() : new EveryProxy(List.copyOf(proxies));
  }

  /** Each proxy by itself, where what is asked of one must not fail for another one's sake. */
  static List<Traffic> parts(Traffic traffic) {
    return traffic instanceof EveryProxy(List<Traffic> parts) ? parts : List.of(traffic);
  }

  @Override
  public void hold(Duration lease) {
    var held = new ArrayList<Traffic>();
    try {
      for (Traffic part : parts) {
        part.hold(lease);
        held.add(part);
      }
    } catch (RuntimeException refused) {
      held.forEach(Traffic::release);
      throw refused;
    }
  }

  @Override
  public void renew(Duration lease) {
    parts.forEach(part -> part.renew(lease));
  }

  @Override
  public void release() {
    parts.forEach(Traffic::release);
  }

  @Override
  public Status status() {
    var all = parts.stream().map(Traffic::status).toList();
    return new Status(
        String.join(" and ", new TreeSet<>(all.stream().map(Status::server).toList())),
        all.stream().allMatch(Status::held),
        shortest(all, Status::heldFor),
        shortest(all, Status::allHeldFor),
        all.stream().anyMatch(Status::gathering),
        all.stream().anyMatch(Status::leaseOver),
        all.stream().mapToInt(Status::entering).sum(),
        all.stream().mapToInt(Status::waiting).sum(),
        all.stream().flatMap(one -> one.sessions().stream()).toList());
  }

  private static Duration shortest(List<Status> all, Function<Status, Duration> time) {
    return all.stream().map(time).min(Duration::compareTo).orElseThrow();
  }

  @Override
  public boolean awaitDrained(Duration patience) throws InterruptedException {
    return inTurn(patience, Traffic::awaitDrained);
  }

  @Override
  public boolean closeStragglers(Duration patience) throws InterruptedException {
    return inTurn(patience, Traffic::closeStragglers);
  }

  private interface TimedWait {
    boolean of(Traffic traffic, Duration patience) throws InterruptedException;
  }

  private boolean inTurn(Duration patience, TimedWait wait) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    boolean all = true;
    for (Traffic part : parts) {
      all &= wait.of(part, left(end));
    }
    return all;
  }

  private static Duration left(long end) {
    return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
  }

  @Override
  public Moves prepare(String server, Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    var all = new ArrayList<Moves>();
    for (Traffic part : parts) {
      all.add(part.prepare(server, left(end)));
    }
    return joined(all);
  }

  @Override
  public void forget() {
    parts.forEach(Traffic::forget);
  }

  /** Who was moved is moved back if another one cannot be: nobody is released meanwhile. */
  @Override
  public Moves repoint(String server, Immovable policy, Duration patience)
      throws InterruptedException {
    var before = parts.stream().map(part -> part.status().server()).toList();
    var all = new ArrayList<Moves>();
    for (Traffic part : parts) {
      var moves = part.repoint(server, policy, patience);
      all.add(moves);
      if (!moves.complete()) {
        for (int i = 0; i < all.size() - 1; i++) {
          back(parts.get(i), before.get(i), patience);
        }
        return joined(all);
      }
    }
    return joined(all);
  }

  private static void back(Traffic part, String server, Duration patience)
      throws InterruptedException {
    if (!part.repoint(server, Immovable.GIVE_UP, patience).complete()) {
      throw new IllegalStateException("clients of one proxy stay where they were led to");
    }
  }

  private static Moves joined(List<Moves> all) {
    return all.stream().reduce(Moves::plus).orElseThrow();
  }
}
