package dev.halcyon.proxy;

import dev.halcyon.proxy.digest.Digests;
import dev.halcyon.proxy.digest.Recorder;
import dev.halcyon.proxy.digest.SessionRecord;
import dev.halcyon.proxy.login.Credentials;
import dev.halcyon.proxy.login.LoginRules;
import dev.halcyon.proxy.login.LoginThrottle;
import dev.halcyon.proxy.login.ServerLogin;
import dev.halcyon.proxy.tls.ProxyKey;
import dev.halcyon.proxy.tls.TlsEnds;
import dev.halcyon.proxy.tls.TlsSettings;
import dev.halcyon.proxy.wire.ErrPacket;
import dev.halcyon.proxy.wire.Outbound;
import dev.halcyon.proxy.wire.PayloadWriter;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A running proxy. Its state belongs to the event loop; its methods may be called from any thread
 * but that one.
 */
public final class Proxy implements Traffic, AutoCloseable {
  /** Each may cost 64 KiB before it has said who it is. */
  static final int MOST_ARRIVALS = 2048;

  private final ProxyLoop loop;
  private final LoginRules rules;
  private final boolean digests;
  private final Recorder recorder = new Recorder(System::currentTimeMillis);
  private final Meter meter = new Meter(System::nanoTime);
  private final Gathering gathering;
  private final Hold hold;
  private final Channel listener;

  private final Set<Arrival> arrivals = new HashSet<>();
  private final Set<UserChange> changes = new HashSet<>();
  private final Set<Session> sessions = new LinkedHashSet<>();
  private final Entrance entrance;
  private final Drains drains;
  private final Moving moving;
  private final ConnectionIds ids = new ConnectionIds(sessions, arrivals, changes);

  private Proxy(ProxySettings settings, LeaseEnd atEnd, ProxyLoop loop, OptionalInt descriptor) {
    this.loop = loop;
    this.digests = settings.digests();
    this.rules = rules(settings, loop);
    this.moving = new Moving(settings, rules, loop, new Sessions());
    this.gathering = new Gathering(loop.thread(), System::nanoTime, new Sessions());
    this.hold =
        new Hold(
            loop.thread(),
            System::nanoTime,
            meter,
            () -> atEnd.decide(this),
            this::holdChanged,
            gathering);
    this.entrance = new Entrance(hold);
    this.drains = new Drains(loop.thread(), new Sessions());
    var bound =
        descriptor.isPresent()
            ? loop.listening(descriptor.getAsInt(), this::arrive).register()
            : loop.listening(this::arrive).bind(settings.listen());
    this.listener = bound.syncUninterruptibly().channel();
  }

  /**
   * Listens from now on.
   *
   * @param atEnd decides when the lease of a hold has ended
   * @throws IllegalStateException if it cannot listen there
   * @throws IllegalArgumentException if a file of TLS is not what it should be
   */
  public static Proxy start(ProxySettings settings, LeaseEnd atEnd) {
    return start(settings, atEnd, OptionalInt.empty());
  }

  /**
   * Takes over a socket that listens already; what comes in waits until {@link #accept}.
   *
   * @param descriptor of this process
   * @throws IllegalStateException if it is none, or if this system has no such sockets
   * @throws IllegalArgumentException if a file of TLS is not what it should be
   */
  public static Proxy takeOver(ProxySettings settings, LeaseEnd atEnd, int descriptor) {
    return start(settings, atEnd, OptionalInt.of(descriptor));
  }

  private static Proxy start(ProxySettings settings, LeaseEnd atEnd, OptionalInt descriptor) {
    var loop = ProxyLoop.start();
    try {
      return new Proxy(settings, atEnd, loop, descriptor);
    } catch (IllegalArgumentException failure) {
      loop.close();
      throw failure;
    } catch (Exception failure) { // Netty throws checked ones undeclared
      loop.close();
      throw new IllegalStateException(failure.getMessage(), failure);
    }
  }

  /** Lets in who waits at a socket that was taken over, and all who come. */
  public void accept() {
    listener.config().setAutoRead(true);
  }

  /**
   * The descriptor of the listening socket.
   *
   * @throws IllegalStateException if it cannot be handed over on this system
   */
  public int descriptor() {
    if (listener instanceof EpollServerSocketChannel socket) {
      return socket.fd().intValue();
    }
    throw new IllegalStateException("Only with Linux's epoll is a listening socket handed over");
  }

  private static LoginRules rules(ProxySettings settings, ProxyLoop loop) {
    boolean keyed =
        settings.accounts().learns()
            || settings.tls().identity() instanceof TlsSettings.Identity.SelfMade;
    Supplier<ProxyKey> key =
        (keyed ? Optional.of(ProxyKey.generate()) : Optional.<ProxyKey>empty())::orElseThrow;
    return new LoginRules(
        new Credentials(settings.accounts()),
        new LoginThrottle(System::nanoTime),
        TlsEnds.of(settings.tls(), key, loop.workers()),
        key,
        loop.workers());
  }

  /** The statements that have passed. Takes its time when many of them are new. */
  public Digests digests() {
    return loop.call(recorder::collect).digests();
  }

  /** What has been counted since the start. */
  public MeterReading meter() {
    return loop.call(meter::read);
  }

  /** Where it listens, the port it has found included. */
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  @Override
  public void hold(Duration lease) {
    loop.run(() -> hold.begin(lease));
  }

  @Override
  public void renew(Duration lease) {
    loop.run(() -> hold.renew(lease));
  }

  @Override
  public void release() {
    loop.run(hold::end);
  }

  @Override
  public Status status() {
    return loop.call(this::look);
  }

  @Override
  public boolean closeStragglers(Duration patience) throws InterruptedException {
    loop.run(
        () -> {
          if (!hold.held()) {
            throw new IllegalStateException("Nothing is held");
          }
          gathering.end();
          drains.closeStragglers();
        });
    try {
      return awaitDrained(patience);
    } finally {
      loop.run(drains::keepStragglers);
    }
  }

  @Override
  public Moves prepare(String target, Duration patience) throws InterruptedException {
    var goal = loop.call(() -> moving.prepare(target));
    return await(goal.reached(), patience, () -> moving.prepared(goal));
  }

  @Override
  public void forget() {
    loop.run(moving::forget);
  }

  @Override
  public Moves repoint(String target, Immovable policy, Duration patience)
      throws InterruptedException {
    var goal = loop.call(() -> moving.carry(target));
    return await(
        goal.reached(),
        patience,
        () -> {
          ids.moved();
          var moves = moving.repoint(goal, policy);
          meter.sessionsMoved(
              moves.sessions().stream().filter(move -> move.fate() == Fate.MOVED).count());
          return moves;
        });
  }

  /** Waits until all that is needed has come about; at the end of the patience, too, it acts. */
  private Moves await(CompletableFuture<?> goal, Duration patience, Callable<Moves> act)
      throws InterruptedException {
    try {
      goal.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException late) {
      return loop.call(act);
    } catch (ExecutionException failure) {
      throw new IllegalStateException("The sessions cannot be moved", failure);
    }
    return loop.call(act);
  }

  @Override
  public boolean awaitDrained(Duration patience) throws InterruptedException {
    var drain = new Drains.Drain();
    loop.run(() -> drains.add(drain));
    try {
      return drain.done.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException late) {
      return false;
    } catch (ExecutionException failure) {
      throw new IllegalStateException("The drain cannot be looked at", failure);
    } finally {
      loop.run(() -> drains.remove(drain));
    }
  }

  /** Lets nobody in any more; the sessions go on. */
  public void stopListening() {
    listener.close().syncUninterruptibly();
  }

  /** Ends all sessions. */
  @Override
  public void close() {
    listener.close().syncUninterruptibly();
    loop.run(
        () -> {
          List.copyOf(sessions).forEach(Session::close);
          drains.giveUp();
        });
    loop.close();
  }

  private void arrive(Channel client) {
    if (arrivals.size() >= MOST_ARRIVALS) {
      var error = new ErrPacket(1040, "08004", "Too many clients of the proxy have yet to log in");
      Outbound.send(client, PayloadWriter.packet(client.alloc(), 0, error::encode));
      Outbound.close(client);
      return;
    }
    var arrival = new Arrival(new Desk(), client);
    arrivals.add(arrival);
    arrival.begin();
  }

  private void holdChanged() {
    if (!hold.held()) {
      moving.released();
    }
    for (var session : List.copyOf(sessions)) { // one that changes its user leaves them
      session.holdChanged();
    }
    entrance.holdChanged();
    moving.carrySoon();
    drains.tell();
  }

  private int entering() {
    return changes.size() + (int) arrivals.stream().filter(Arrival::entering).count();
  }

  private Status look() {
    var all = sessions.stream().map(Session::status).toList();
    return new Status(
        moving.server(),
        hold.held(),
        hold.since(),
        hold.sinceAll(),
        hold.gathering(),
        hold.isLeaseOver(),
        entering(),
        entrance.length(),
        all);
  }

  /** What a move, a drain and a gathering see of the proxy. */
  private final class Sessions implements Moving.Ground, Drains.View, Gathering.View {
    @Override
    public Collection<Session> sessions() {
      return sessions;
    }

    @Override
    public boolean held() {
      return hold.held();
    }

    @Override
    public boolean drained() {
      return hold.held()
          && !hold.gathering()
          && entering() == 0
          && sessions.stream().allMatch(session -> session.boundary().reached());
    }

    @Override
    public void gathered() {
      moving.carrySoon();
      drains.lookSoon();
    }

    @Override
    public void closeIdle() {
      for (var session : List.copyOf(sessions)) {
        var boundary = session.boundary();
        if (!boundary.reached() && !boundary.hindrances().contains(Hindrance.COMMAND)) {
          session.close();
        }
      }
    }
  }

  /** What arrivals and sessions see of the proxy. */
  private final class Desk implements Arrival.Reception, UserChange.Place, Session.Hold {
    @Override
    public LoginRules rules() {
      return rules;
    }

    @Override
    public ProxyLoop loop() {
      return loop;
    }

    @Override
    public InetSocketAddress server() {
      return moving.address();
    }

    @Override
    public void whenOpen(Arrival arrival, Runnable entry, Consumer<ErrPacket> refusal) {
      entrance.come(arrival, entry, refusal);
    }

    @Override
    public Session opened(
        Channel client,
        Channel server,
        ServerLogin.Entry entry,
        long connectionId,
        boolean tracks) {
      return begun(client, server, entry, connectionId, entry.connectionId(), tracks);
    }

    /** At the server that clients are led to. */
    private Session begun(
        Channel client,
        Channel server,
        ServerLogin.Entry entry,
        long connectionId,
        long serversId,
        boolean tracks) {
      var backend =
          new Session.Backend(
              moving.server(), server, serversId, entry.status(), Statements.fresh(Map.of()));
      return begun(client, backend, entry, connectionId, tracks);
    }

    private Session begun(
        Channel client,
        Session.Backend backend,
        ServerLogin.Entry entry,
        long connectionId,
        boolean tracks) {
      var address = ((InetSocketAddress) client.remoteAddress()).getAddress();
      var record =
          new SessionRecord(
              digests ? recorder : null,
              entry.request().userName(),
              address.getHostAddress(),
              new String(entry.request().schema().toArray(), StandardCharsets.UTF_8),
              entry.tracked());
      var session =
          new Session(client, backend, entry, connectionId, tracks, this, record, System::nanoTime);
      sessions.add(session);
      ids.joined(session);
      meter.sessionOpened();
      moving.joined(session);
      return session;
    }

    @Override
    public void changesUser(Session session, Channel client, Channel server, ByteBuf command) {
      sessions.remove(session);
      moving.ended(session);
      var change = new UserChange(this, session, client, server);
      changes.add(change);
      change.begin(command);
    }

    @Override
    public Session changed(
        Session before, Channel client, Channel server, ServerLogin.Entry entry) {
      long there = before.backend().connectionId();
      return begun(client, server, entry, before.connectionId(), there, before.tracks());
    }

    @Override
    public void ended(UserChange change) {
      changes.remove(change);
      drains.lookSoon();
    }

    @Override
    public void ended(Arrival arrival) {
      arrivals.remove(arrival);
      entrance.left(arrival);
      drains.lookSoon();
    }

    @Override
    public boolean held() {
      return hold.held();
    }

    @Override
    public boolean gathering() {
      return hold.gathering();
    }

    @Override
    public Meter meter() {
      return meter;
    }

    @Override
    public boolean turnsAway() {
      return hold.turnsAway();
    }

    @Override
    public void settled(Session session) {
      gathering.settled(session);
      moving.carrySoon();
      drains.lookSoon();
    }

    @Override
    public ConnectionIds ids() {
      return ids;
    }

    @Override
    public void ended(Session session) {
      sessions.remove(session);
      moving.ended(session);
      gathering.settled(session);
      drains.lookSoon();
    }
  }
}
