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
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
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

  private final ProxySettings settings;
  private final ProxyLoop loop;
  private final LoginRules rules;
  private final Recorder recorder = new Recorder(System::currentTimeMillis);
  private final Hold hold;
  private final Channel listener;

  private final Set<Arrival> arrivals = new HashSet<>();
  private final Set<UserChange> changes = new HashSet<>();
  private final Set<Session> sessions = new LinkedHashSet<>();
  private final ArrayDeque<Runnable> entrants = new ArrayDeque<>();
  private final Set<Drain> drains = new HashSet<>();

  /** Where clients are led. */
  private String server;

  /** Stragglers are closed as soon as they are idle. */
  private boolean closing;

  /** The next look at the drain, if one is due. */
  private @Nullable Future<?> nextLook;

  private Proxy(ProxySettings settings, LeaseEnd atEnd, ProxyLoop loop) {
    this.settings = settings;
    this.loop = loop;
    this.rules = rules(settings, loop);
    this.server = settings.first();
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
    address(target);
    return call(() -> kept(sessions.isEmpty()));
  }

  @Override
  public void forget() {}

  @Override
  public Moves repoint(String target, Immovable policy, Duration patience)
      throws InterruptedException {
    address(target);
    return call(
        () -> {
          if (!look().drained()) {
            throw new IllegalStateException("The clients are not held and drained");
          }
          if (policy == Immovable.CLOSE) {
            var moves = moves(Fate.CLOSED);
            List.copyOf(sessions).forEach(Session::close);
            server = target;
            return new Moves(true, moves);
          }
          boolean empty = sessions.isEmpty();
          if (empty) {
            server = target;
          }
          return kept(empty);
        });
  }

  private InetSocketAddress address(String name) {
    var address = settings.servers().get(name);
    if (address == null) {
      throw new IllegalArgumentException("No server is named " + name);
    }
    return address;
  }

  private Moves kept(boolean complete) {
    return new Moves(complete, moves(Fate.KEPT));
  }

  private List<Move> moves(Fate fate) {
    return sessions.stream()
        .map(Session::status)
        .map(
            one ->
                new Move(
                    one.connectionId(),
                    one.client(),
                    one.user(),
                    fate,
                    "its state cannot be carried to another server"))
        .toList();
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
          sessions.forEach(Session::close);
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
    for (var session : List.copyOf(sessions)) { // one that changes its user leaves them
      session.holdChanged();
    }
    while (!hold.held() && !entrants.isEmpty()) {
      entrants.removeFirst().run();
    }
    tellDrains();
  }

  private Status look() {
    int entering = changes.size() + (int) arrivals.stream().filter(Arrival::entering).count();
    var all = sessions.stream().map(Session::status).toList();
    return new Status(
        server, hold.held(), hold.since(), hold.isLeaseOver(), entering, entrants.size(), all);
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
      return address(server);
    }

    @Override
    public void whenOpen(Runnable entry) {
      if (hold.held()) {
        entrants.addLast(entry);
      } else {
        entry.run();
      }
    }

    @Override
    public Session opened(
        Channel client, Channel server, ServerLogin.Entry entry, long connectionId) {
      var address = ((InetSocketAddress) client.remoteAddress()).getAddress();
      var record =
          new SessionRecord(
              settings.digests() ? recorder : null,
              entry.request().userName(),
              address.getHostAddress(),
              new String(entry.request().schema().toArray(), StandardCharsets.UTF_8),
              entry.tracked());
      var session =
          new Session(client, server, entry, connectionId, this, record, System::nanoTime);
      sessions.add(session);
      server.closeFuture().addListener(_ -> gone(session));
      return session;
    }

    @Override
    public void changesUser(Session session, Channel client, Channel server, ByteBuf command) {
      sessions.remove(session);
      var change = new UserChange(this, session, client, server);
      changes.add(change);
      change.begin(command);
    }

    @Override
    public Session changed(
        Session before, Channel client, Channel server, ServerLogin.Entry entry) {
      return opened(client, server, entry, before.connectionId());
    }

    @Override
    public void ended(UserChange change) {
      changes.remove(change);
      lookSoon();
    }

    @Override
    public void ended(Arrival arrival) {
      arrivals.remove(arrival);
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

    private void gone(Session session) {
      sessions.remove(session);
      lookSoon();
    }
  }
}
