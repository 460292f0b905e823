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
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A running proxy. Its state belongs to the event loop; its methods may be called from any thread
 * but that one.
 */
public final class Proxy implements Traffic, AutoCloseable {
  /** Of all the sessions that settle within this time only the last has the drain looked at. */
  private static final long LOOK_MILLIS = 1;

  /** Each may cost 64 KiB before it has said who it is. */
  static final int MOST_ARRIVALS = 2048;

  private final ProxyLoop loop;
  private final LoginRules rules;
  private final boolean digests;
  private final Recorder recorder = new Recorder(System::currentTimeMillis);
  private final Hold hold;
  private final Channel listener;

  private final Set<Arrival> arrivals = new HashSet<>();
  private final Set<UserChange> changes = new HashSet<>();
  private final Set<Session> sessions = new LinkedHashSet<>();
  private final SequencedMap<Arrival, Runnable> entrants = new LinkedHashMap<>();
  private final Set<Drain> drains = new HashSet<>();

  private final Moving moving;

  /** Stragglers are closed as soon as they are idle. */
  private boolean closing;

  /** The next look at the drain, if one is due. */
  private @Nullable Future<?> nextLook;

  private Proxy(ProxySettings settings, LeaseEnd atEnd, ProxyLoop loop) {
    this.loop = loop;
    this.digests = settings.digests();
    this.rules = rules(settings, loop);
    this.moving = new Moving(settings, rules, loop, new Sessions());
    this.hold =
        new Hold(loop.thread(), System::nanoTime, () -> atEnd.decide(this), this::holdChanged);
    this.listener =
        loop.listening(this::arrive).bind(settings.listen()).syncUninterruptibly().channel();
  }

  /**
   * Listens from now on.
   *
   * @param atEnd decides when the lease of a hold has ended
   * @throws IllegalStateException if it cannot listen there
   * @throws IllegalArgumentException if a file of TLS is not what it should be
   */
  public static Proxy start(ProxySettings settings, LeaseEnd atEnd) {
    var loop = ProxyLoop.start();
    try {
      return new Proxy(settings, atEnd, loop);
    } catch (IllegalArgumentException failure) {
      loop.close();
      throw failure;
    } catch (Exception failure) { // Netty throws checked ones undeclared
      loop.close();
      throw new IllegalStateException(failure.getMessage(), failure);
    }
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
    return call(recorder::collect).digests();
  }

  /** Where it listens, the port it has found included. */
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  @Override
  public void hold(Duration lease) {
    run(() -> hold.begin(lease));
  }

  @Override
  public void renew(Duration lease) {
    run(() -> hold.renew(lease));
  }

  @Override
  public void release() {
    run(hold::end);
  }

  @Override
  public Status status() {
    return call(this::look);
  }

  @Override
  public boolean closeStragglers(Duration patience) throws InterruptedException {
    run(
        () -> {
          if (!hold.held()) {
            throw new IllegalStateException("Nothing is held");
          }
          closing = true;
          closeIdle();
        });
    try {
      return awaitDrained(patience);
    } finally {
      run(() -> closing = false);
    }
  }

  @Override
  public Moves prepare(String target, Duration patience) throws InterruptedException {
    var goal = call(() -> moving.prepare(target));
    return await(goal.reached(), patience, () -> moving.prepared(goal));
  }

  @Override
  public void forget() {
    run(moving::forget);
  }

  @Override
  public Moves repoint(String target, Immovable policy, Duration patience)
      throws InterruptedException {
    var goal = call(() -> moving.carry(target));
    return await(goal.reached(), patience, () -> moving.repoint(goal, policy));
  }

  /** Waits until all that is needed has come about; at the end of the patience, too, it acts. */
  private Moves await(CompletableFuture<?> goal, Duration patience, Callable<Moves> act)
      throws InterruptedException {
    try {
      goal.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException late) {
      return call(act);
    } catch (ExecutionException failure) {
      throw new IllegalStateException("The sessions cannot be moved", failure);
    }
    return call(act);
  }

  @Override
  public boolean awaitDrained(Duration patience) throws InterruptedException {
    var drain = new Drain();
    run(
        () -> {
          drains.add(drain);
          tellDrains();
        });
    try {
      return drain.done.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException late) {
      return false;
    } catch (ExecutionException failure) {
      throw new IllegalStateException("The drain cannot be looked at", failure);
    } finally {
      run(() -> drains.remove(drain));
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
    run(
        () -> {
          List.copyOf(sessions).forEach(Session::close);
          drains.forEach(drain -> drain.done.complete(false));
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
    while (!hold.held() && !entrants.isEmpty()) {
      entrants.pollFirstEntry().getValue().run();
    }
    tellDrains();
  }

  private Status look() {
    int entering = changes.size() + (int) arrivals.stream().filter(Arrival::entering).count();
    var all = sessions.stream().map(Session::status).toList();
    return new Status(
        moving.server(),
        hold.held(),
        hold.since(),
        hold.isLeaseOver(),
        entering,
        entrants.size(),
        all);
  }

  private void closeIdle() {
    for (var session : List.copyOf(sessions)) {
      var boundary = session.boundary();
      if (!boundary.reached() && !boundary.hindrances().contains(Hindrance.COMMAND)) {
        session.close();
      }
    }
  }

  private void tellDrains() {
    nextLook = null;
    if (closing && hold.held()) {
      closeIdle();
    }
    if (drains.isEmpty()) {
      return;
    }
    if (!hold.held()) {
      drains.forEach(drain -> drain.done.complete(false));
    } else if (look().drained()) {
      drains.forEach(drain -> drain.done.complete(true));
    }
  }

  private void lookSoon() {
    if (nextLook == null && !drains.isEmpty()) {
      nextLook = loop.thread().schedule(this::tellDrains, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void run(Runnable task) {
    call(
        () -> {
          task.run();
          return true;
        });
  }

  private <T> T call(Callable<T> task) {
    var future = loop.thread().submit(task).awaitUninterruptibly();
    if (future.cause() instanceof RuntimeException failure) {
      throw failure;
    }
    if (!future.isSuccess()) {
      throw new IllegalStateException("The proxy has failed", future.cause());
    }
    return future.getNow();
  }

  /** What a move sees of the proxy. */
  private final class Sessions implements Moving.Ground {
    @Override
    public Collection<Session> sessions() {
      return sessions;
    }

    @Override
    public boolean drained() {
      return look().drained();
    }
  }

  /** Somebody waits for the drain. */
  private static final class Drain {
    private final CompletableFuture<Boolean> done = new CompletableFuture<>();
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
    public void whenOpen(Arrival arrival, Runnable entry) {
      if (hold.held()) {
        entrants.put(arrival, entry);
      } else {
        entry.run();
      }
    }

    @Override
    public Session opened(
        Channel client, Channel server, ServerLogin.Entry entry, long connectionId) {
      return begun(client, server, entry, connectionId, entry.connectionId());
    }

    private Session begun(
        Channel client,
        Channel server,
        ServerLogin.Entry entry,
        long connectionId,
        long serverConnectionId) {
      var backend =
          new Session.Backend(
              moving.server(),
              server,
              serverConnectionId,
              entry.status(),
              Statements.fresh(Map.of()));
      var address = ((InetSocketAddress) client.remoteAddress()).getAddress();
      var record =
          new SessionRecord(
              digests ? recorder : null,
              entry.request().userName(),
              address.getHostAddress(),
              new String(entry.request().schema().toArray(), StandardCharsets.UTF_8),
              entry.tracked());
      var session =
          new Session(client, backend, entry, connectionId, this, record, System::nanoTime);
      sessions.add(session);
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
      return begun(client, server, entry, before.connectionId(), there);
    }

    @Override
    public void ended(UserChange change) {
      changes.remove(change);
      lookSoon();
    }

    @Override
    public void ended(Arrival arrival) {
      arrivals.remove(arrival);
      entrants.remove(arrival);
      lookSoon();
    }

    @Override
    public boolean held() {
      return hold.held();
    }

    @Override
    public void settled() {
      lookSoon();
    }

    @Override
    public void ended(Session session) {
      sessions.remove(session);
      moving.ended(session);
      lookSoon();
    }
  }
}
