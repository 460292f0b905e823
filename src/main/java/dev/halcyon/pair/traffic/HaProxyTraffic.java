package dev.halcyon.pair.traffic;

import dev.halcyon.balancer.RuntimeSocket;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Refusal;
import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.Session;
import dev.halcyon.pair.Member;
import dev.halcyon.pair.Pair;
import dev.halcyon.proxy.Hindrance;
import dev.halcyon.proxy.Traffic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * HAProxy in TCP mode. It can neither hold a session that is open nor move it, so each is ended
 * once, when the server finds it idle; its client comes anew and queues. It queues because the
 * server may have a single session and somebody has it: a session of our own, the plug, which goes
 * through HAProxy as clients do and so also proves where they are led.
 *
 * <p>HAProxy knows of no lease: if whoever holds is gone, clients queue until the next one comes,
 * or for HAProxy's {@code timeout queue}. Thread-safe.
 */
public final class HaProxyTraffic implements Traffic, AutoCloseable {
  private static final String ENDED = "HAProxy moves no session: it was ended, to come anew";
  private static final String WILL_END = "HAProxy moves no session: it is ended once";
  private static final Duration LOOK = Duration.ofMillis(20);

  private final Pair pair;
  private final Backend backend;
  private final Member entrance;
  private final List<Move> ended = new ArrayList<>();
  private @Nullable Session plug;
  private @Nullable Session witness;
  private @Nullable Member target;
  private long heldSince;
  private long drainedSince;
  private long lookedAt;

  public HaProxyTraffic(HaProxyAccess access, Pair pair) {
    this.pair = pair;
    this.backend = new Backend(new RuntimeSocket(access.socket()), access.backend(), pair);
    this.entrance = access.entrance();
  }

  /** {@inheritDoc} Sessions that are open go on until {@link #awaitDrained} ends them. */
  @Override
  public synchronized void hold(Duration lease) {
    var view = backend.view();
    if (view.held()) {
      throw new IllegalStateException("clients are held already");
    }
    if (plug == null) {
      engage(view.leading());
    }
    backend.hold(view.leading());
    ended.clear();
    target = null;
    heldSince = System.nanoTime();
    drainedSince = 0;
  }

  /** Nobody else can renew: HAProxy holds until it is told otherwise. */
  @Override
  public synchronized void renew(Duration lease) {
    requireHeld();
  }

  private Backend.View requireHeld() {
    var view = backend.view();
    if (!view.held()) {
      throw new IllegalStateException("clients are not held");
    }
    return view;
  }

  @Override
  public synchronized void release() {
    var view = backend.view();
    if (view.held()) {
      var next = target == null ? view.leading() : target;
      backend.lead(next, view.limit());
      if (!next.equals(view.leading())) {
        end(live(backend.sessions(), view.leading()));
      }
    }
    target = null;
    heldSince = 0;
    drainedSince = 0;
    disengage();
  }

  /** {@inheritDoc} How long is zero if another process holds them. */
  @Override
  public synchronized Status status() {
    var view = backend.view();
    var sessions = backend.sessions();
    long now = System.nanoTime();
    return new Status(
        (target == null ? view.leading() : target).name(),
        view.held(),
        view.held() && heldSince != 0 ? Duration.ofNanos(now - heldSince) : Duration.ZERO,
        view.held() && drainedSince != 0 ? Duration.ofNanos(now - drainedSince) : Duration.ZERO,
        false,
        false,
        (int) sessions.stream().filter(one -> one.server().isEmpty() && !one.queued()).count(),
        (int) sessions.stream().filter(Conveyed::queued).count(),
        live(sessions, view.leading()).stream().map(Live::status).toList());
  }

  /** A session of a client. */
  private record Live(Conveyed conveyed, SessionStatus status) {
    boolean only(Hindrance hindrance) {
      return status.boundary().hindrances().equals(Set.of(hindrance));
    }
  }

  /** At the server, without our own. */
  private List<Live> live(List<Conveyed> sessions, Member server) {
    var seated =
        sessions.stream()
            .filter(one -> one.server().equals(server.name()) && !one.queued())
            .toList();
    if (seated.isEmpty()) {
      return List.of();
    }
    var occupants = occupants(server);
    long own = plug == null ? 0 : plug.connectionId();
    return seated.stream()
        .map(one -> live(one, occupants.at(one.port())))
        .filter(one -> own == 0 || one.status().connectionId() != own)
        .toList();
  }

  private static Live live(Conveyed conveyed, Occupants.Occupant occupant) {
    return new Live(
        conveyed,
        new SessionStatus(
            occupant.id(),
            conveyed.client(),
            occupant.user(),
            occupant.schema(),
            conveyed.server(),
            occupant.boundary(),
            false));
  }

  private Occupants occupants(Member server) {
    lookedAt = System.nanoTime();
    try {
      return witness(server).map(Occupants::of).orElse(Occupants.UNSEEN);
    } catch (Fault lost) {
      closeWitness();
      return Occupants.UNSEEN;
    }
  }

  /** The session in which the server is asked that clients are on; empty if it is gone. */
  private Optional<Session> witness(Member server) {
    if (witness == null) {
      witness = opened(server).orElse(null);
    }
    return Optional.ofNullable(witness);
  }

  private static Optional<Session> opened(Member server) {
    try {
      return Optional.of(server.open("traffic"));
    } catch (Fault | Refusal gone) {
      return Optional.empty();
    }
  }

  /** {@inheritDoc} Ends whoever is idle meanwhile. */
  @Override
  public synchronized boolean awaitDrained(Duration patience) throws InterruptedException {
    return backend.view().held() && !left() && drain(patience, Set.of(Hindrance.UNHELD));
  }

  /**
   * {@inheritDoc} A hold that another process has left leaks, since its plug is gone: whoever is
   * let in by it is ended at the release.
   */
  @Override
  public synchronized boolean closeStragglers(Duration patience) throws InterruptedException {
    requireHeld();
    return left() || drain(patience, Set.of(Hindrance.UNHELD, Hindrance.TRANSACTION));
  }

  /** Whether it was another process that has begun to hold. */
  private boolean left() {
    return heldSince == 0;
  }

  private boolean drain(Duration patience, Set<Hindrance> ending) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    var server = backend.view().leading();
    while (true) {
      awaitNews();
      var sessions = backend.sessions();
      var live = live(sessions, server);
      boolean entering = sessions.stream().anyMatch(one -> one.server().isEmpty() && !one.queued());
      if (live.isEmpty() && !entering) {
        drainedSince = drainedSince == 0 ? System.nanoTime() : drainedSince;
        return true;
      }
      // A server that cannot be asked does nothing for anybody any more.
      boolean blind = witness(server).isEmpty() && ending.contains(Hindrance.TRANSACTION);
      end(live.stream().filter(one -> blind || ending.stream().anyMatch(one::only)).toList());
      if (System.nanoTime() >= end) {
        return false;
      }
      TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
    }
  }

  private void awaitNews() throws InterruptedException {
    if (lookedAt != 0) {
      var left = Occupants.STALE.minus(Duration.ofNanos(System.nanoTime() - lookedAt));
      if (left.isPositive()) {
        TimeUnit.NANOSECONDS.sleep(left.toNanos());
      }
    }
  }

  private void end(List<Live> sessions) {
    backend.end(sessions.stream().map(Live::conveyed).toList());
    sessions.forEach(one -> ended.add(move(one, Fate.CLOSED, ENDED)));
  }

  private static Move move(Live one, Fate fate, String reason) {
    return new Move(
        one.status().connectionId(), one.status().client(), one.status().user(), fate, reason);
  }

  /** {@inheritDoc} No session is ever ready. */
  @Override
  public synchronized Moves prepare(String server, Duration patience) {
    var next = named(server);
    var view = backend.view();
    if (plug == null && !view.held() && !next.equals(view.leading())) {
      engage(view.leading());
    }
    var live = live(backend.sessions(), view.leading());
    return new Moves(
        view.held() && live.isEmpty(),
        live.stream().map(one -> move(one, Fate.KEPT, WILL_END)).toList(),
        WILL_END);
  }

  @Override
  public synchronized void forget() {
    if (!backend.view().held()) {
      disengage();
    }
  }

  @Override
  public synchronized Moves repoint(String server, Immovable policy, Duration patience) {
    var next = named(server);
    requireHeld();
    if (!left() && !status().drained()) {
      throw new IllegalStateException("sessions are open still");
    }
    target = next;
    return new Moves(true, ended);
  }

  private Member named(String server) {
    return pair.members().stream()
        .filter(member -> member.name().equals(server))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no server is named " + server));
  }

  /**
   * Takes the place that nobody else is to have.
   *
   * @throws Refusal HAL-742 if HAProxy leads to another server than it says
   */
  private void engage(Member leading) {
    var server = witness(leading);
    if (server.isEmpty()) {
      // Nobody can get in there.
      return;
    }
    plug = throughEntrance(leading);
    if (serverId(plug) != serverId(server.get())) {
      disengage();
      throw ErrorCode.TRAFFIC_REFUSED.refuse(
          "HAProxy leads clients to another server than " + leading + ".",
          "The servers of its backend and of pair.servers must be the same under each name, and "
              + "through must name its frontend.");
    }
  }

  private Session throughEntrance(Member leading) {
    try {
      return entrance.open("hold");
    } catch (Fault fault) {
      throw shut(leading, fault.words());
    } catch (Refusal refusal) {
      throw shut(leading, refusal.findings().getFirst().message());
    }
  }

  private static Refusal shut(Member leading, String words) {
    return ErrorCode.TRAFFIC_SILENT.refuse(
        "Nobody gets to " + leading + " through HAProxy: " + words,
        "pair.traffic names in through where clients come in: HAProxy's frontend.");
  }

  private static long serverId(Session session) {
    return session.first("SELECT @@GLOBAL.server_id AS id").orElseThrow().longValue("id");
  }

  private void disengage() {
    if (plug != null) {
      plug.close();
      plug = null;
    }
    closeWitness();
  }

  private void closeWitness() {
    if (witness != null) {
      witness.close();
      witness = null;
    }
  }

  @Override
  public synchronized void close() {
    disengage();
  }
}
