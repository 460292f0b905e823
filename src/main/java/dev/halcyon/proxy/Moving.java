package dev.halcyon.proxy;

import dev.halcyon.proxy.Traffic.Immovable;
import dev.halcyon.proxy.Traffic.Move;
import dev.halcyon.proxy.Traffic.Moves;
import dev.halcyon.proxy.login.LoginRules;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Where a shard's clients are led, and how they are led elsewhere. On its event loop only. */
final class Moving {
  /** So many that come to stand still within this time are asked about together. */
  private static final long SOON_MILLIS = 1;

  private final ProxySettings settings;
  private final LoginRules rules;
  private final ProxyLoop loop;
  private final Ground ground;
  private final List<Goal> goals = new ArrayList<>();

  private String server;
  private @Nullable Relocation relocation;

  /** What sessions have left since the hold began, at one and the same server. */
  private final Map<Session, Session.Backend> left = new HashMap<>();

  private String leftServer = "";

  /** Once drained it stays so until the release. */
  private boolean drained;

  /** When the states of those are carried who stand still by then. */
  private @Nullable Future<?> carrying;

  /** What it needs of the proxy. */
  interface Ground {
    Collection<Session> sessions();

    boolean drained();
  }

  /** Somebody waits until sessions are open on another server, or the same there. */
  static final class Goal {
    private final CompletableFuture<Boolean> reached = new CompletableFuture<>();
    private final String target;
    private final boolean carried;

    private Goal(String target, boolean carried) {
      this.target = target;
      this.carried = carried;
    }

    CompletableFuture<Boolean> reached() {
      return reached;
    }
  }

  Moving(ProxySettings settings, LoginRules rules, ProxyLoop loop, Ground ground) {
    this.settings = settings;
    this.rules = rules;
    this.loop = loop;
    this.ground = ground;
    this.server = settings.first();
  }

  /** The name of the server that clients are led to. */
  String server() {
    return server;
  }

  InetSocketAddress address() {
    return address(server);
  }

  private InetSocketAddress address(String name) {
    var address = settings.servers().get(name);
    if (address == null) {
      throw new IllegalArgumentException("No server is named " + name);
    }
    return address;
  }

  /** See {@link Traffic#prepare}. */
  Goal prepare(String target) {
    return aim(new Goal(target, drained()));
  }

  /** The first half of {@link Traffic#repoint}: all sessions are made there. */
  Goal carry(String target) {
    requireDrained();
    return aim(new Goal(target, true));
  }

  private boolean drained() {
    drained = drained || ground.drained();
    return drained;
  }

  /**
   * @throws IllegalStateException if the clients are not
   */
  void requireDrained() {
    if (!drained()) {
      throw new IllegalStateException("The clients are not held and drained");
    }
  }

  private Goal aim(Goal goal) {
    address(goal.target);
    if (goal.target.equals(server)) {
      goal.reached.complete(true);
      return goal;
    }
    goals.add(goal);
    var present = relocation;
    if (present == null || !present.leadsTo(goal.target)) {
      forget();
      Map<Session, Session.Backend> back = goal.target.equals(leftServer) ? left : Map.of();
      var next = new Relocation(settings, rules, loop, server, goal.target, back, this::changed);
      relocation = next;
      next.begin(ground.sessions());
    } else {
      present.retry();
    }
    changed();
    return goal;
  }

  /** The answer of {@link Traffic#prepare}. */
  Moves prepared(Goal goal) {
    goals.remove(goal);
    var present = relocation;
    if (present == null || goal.target.equals(server)) {
      return new Moves(goal.target.equals(server), List.of());
    }
    return present.look(goal.carried ? Carriage::isCarried : Carriage::isReady);
  }

  /** Whether the second half of {@link Traffic#repoint} would move the sessions now. */
  boolean canMove(Goal goal, Immovable policy) {
    var present = relocation;
    if (goal.target.equals(server) || present == null) {
      return goal.target.equals(server);
    }
    return present.reaches(goal.target) && present.canMove(policy);
  }

  /** What becomes of the sessions if they are not moved. */
  Moves kept(Goal goal) {
    goals.remove(goal);
    var present = relocation;
    if (goal.target.equals(server) || present == null) {
      return new Moves(goal.target.equals(server), List.of());
    }
    return present.look(Carriage::isCarried);
  }

  /** The second half of {@link Traffic#repoint}. */
  Moves repoint(Goal goal, Immovable policy) {
    goals.remove(goal);
    requireDrained();
    var present = relocation;
    if (goal.target.equals(server) || present == null) {
      return new Moves(goal.target.equals(server), List.of());
    }
    if (!present.reaches(goal.target)) {
      var kept = kept(goal);
      return new Moves(false, kept.sessions(), kept.obstacle());
    }
    var moves = new ArrayList<Move>();
    var leaving = present.move(policy, moves);
    leaving.ifPresent(
        sides -> {
          boolean back = leftServer.equals(goal.target);
          left.forEach(
              (session, side) -> {
                if (!back || !sides.containsKey(session)) {
                  ServerDoor.leave(side.channel());
                }
              });
          left.clear();
          left.putAll(sides);
          leftServer = server;
          server = goal.target;
          forget();
        });
    return new Moves(leaving.isPresent(), moves);
  }

  void forget() {
    var present = relocation;
    relocation = null;
    if (present != null) {
      present.close();
    }
  }

  void joined(Session session) {
    var present = relocation;
    if (present != null) {
      present.joined(session);
    }
  }

  void ended(Session session) {
    var side = left.remove(session);
    if (side != null) {
      ServerDoor.leave(side.channel());
    }
    var present = relocation;
    if (present != null) {
      present.ended(session);
    }
  }

  /** The clients go on: there is no way back but another move. */
  void released() {
    drained = false;
    left.values().forEach(side -> ServerDoor.leave(side.channel()));
    left.clear();
    leftServer = "";
    var present = relocation;
    if (present != null) {
      present.released();
    }
    changed();
  }

  /** Sessions may have come to stand still, for whom a way was prepared. */
  void carrySoon() {
    if (relocation != null && carrying == null) {
      carrying = loop.thread().schedule(this::carryStanding, SOON_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void carryStanding() {
    carrying = null;
    var present = relocation;
    if (present != null) {
      present.carry();
    }
  }

  private void changed() {
    var present = relocation;
    if (present == null) {
      return;
    }
    present.carry();
    for (var goal : List.copyOf(goals)) {
      if (goal.carried ? present.settledCarried() : present.settledOpen()) {
        goal.reached.complete(true);
      }
    }
  }
}
