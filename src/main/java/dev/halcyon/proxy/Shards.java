package dev.halcyon.proxy;

import dev.halcyon.proxy.Traffic.Fate;
import dev.halcyon.proxy.Traffic.Immovable;
import dev.halcyon.proxy.Traffic.Moves;
import dev.halcyon.proxy.login.LoginRules;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * All shards, for what concerns every client. Its methods are called on any thread but those of the
 * loops, if nothing else is said.
 */
final class Shards implements Gathering.Ground {
  private final List<Shard> all;

  Shards(ProxySettings settings, Loops loops, LoginRules rules) {
    var ids = new ConnectionIds();
    var threads = loops.all();
    this.all =
        IntStream.range(0, threads.size())
            .mapToObj(number -> new Shard(number, settings, threads.get(number), rules, ids))
            .toList();
  }

  /** The one of the first loop. */
  Shard first() {
    return all.getFirst();
  }

  /** A client has come, on the loop that is to be its. */
  void arrive(Channel client) {
    for (var shard : all) {
      if (shard.loop().thread().equals(client.eventLoop())) {
        shard.arrive(client);
      }
    }
  }

  /** Tells all, in the order of the calls. On the first loop. */
  void become(Gate gate) {
    all.forEach(shard -> shard.loop().thread().execute(() -> shard.become(gate)));
  }

  @Override
  public int shards() {
    return all.size();
  }

  @Override
  public void ask(Consumer<Boolean> answer) {
    var first = first().loop().thread();
    for (var shard : all) {
      Runnable question =
          () -> shard.lasting().whenNone(atOnce -> first.execute(() -> answer.accept(atOnce)));
      shard.loop().thread().execute(question);
    }
  }

  /** On each loop; returns when all have. Throws what one of them throws. */
  <T> List<T> each(Function<Shard, T> act) {
    var answers =
        all.stream().map(shard -> shard.loop().thread().submit(() -> act.apply(shard))).toList();
    return answers.stream().map(ProxyLoop::outcome).toList();
  }

  /** On each loop; returns when all have. */
  void run(Consumer<Shard> act) {
    each(
        shard -> {
          act.accept(shard);
          return true;
        });
  }

  /** Returns once all have done what they were told before. */
  void settle() {
    run(_ -> {});
  }

  /** See {@link Traffic#awaitDrained}. */
  boolean awaitDrained(Duration patience) throws InterruptedException {
    var drains = all.stream().map(_ -> new Drains.Drain()).toList();
    run(shard -> shard.drains().add(drains.get(shard.number())));
    try {
      var done = drains.stream().map(drain -> drain.done).toList();
      return reached(done, patience) && done.stream().allMatch(CompletableFuture::join);
    } finally {
      run(shard -> shard.drains().remove(drains.get(shard.number())));
    }
  }

  /** See {@link Traffic#prepare}. */
  Moves prepare(String target, Duration patience) throws InterruptedException {
    var goals = each(shard -> shard.moving().prepare(target));
    reached(goals.stream().map(Moving.Goal::reached).toList(), patience);
    return joined(shard -> shard.moving().prepared(goals.get(shard.number())));
  }

  /** See {@link Traffic#repoint}. Of the shards none moves its sessions before all can. */
  Moves repoint(String target, Immovable policy, Duration patience) throws InterruptedException {
    run(shard -> shard.moving().requireDrained());
    var before = first().loop().call(first().moving()::server);
    var goals = carried(target, patience);
    if (each(shard -> shard.moving().canMove(goals.get(shard.number()), policy)).contains(false)) {
      return unmoved(joined(shard -> shard.moving().kept(goals.get(shard.number()))));
    }
    var moves = joined(shard -> shard.repoint(goals.get(shard.number()), policy));
    if (!moves.complete()) { // a server has gone in this very moment
      var back = carried(before, patience);
      if (!joined(shard -> shard.repoint(back.get(shard.number()), Immovable.GIVE_UP)).complete()) {
        throw new IllegalStateException(
            "Some sessions are at %s, others at %s; repoint once more".formatted(target, before));
      }
      return unmoved(moves);
    }
    return moves;
  }

  /** Waits until all sessions are the same there, or cannot be. */
  private List<Moving.Goal> carried(String target, Duration patience) throws InterruptedException {
    var goals = each(shard -> shard.moving().carry(target));
    reached(goals.stream().map(Moving.Goal::reached).toList(), patience);
    return goals;
  }

  private static Moves unmoved(Moves moves) {
    var sessions =
        moves.sessions().stream()
            .map(move -> move.fate() == Fate.MOVED ? move.kept("others cannot be moved") : move)
            .toList();
    return new Moves(false, sessions, moves.obstacle());
  }

  private Moves joined(Function<Shard, Moves> act) {
    return each(act).stream().reduce(Moves::plus).orElseThrow();
  }

  /** Waits for all. */
  private static boolean reached(List<CompletableFuture<Boolean>> goals, Duration patience)
      throws InterruptedException {
    try {
      CompletableFuture.allOf(goals.toArray(CompletableFuture[]::new))
          .get(patience.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException late) {
      return false;
    } catch (ExecutionException failure) {
      throw new IllegalStateException("The proxy has failed", failure);
    }
  }
}
