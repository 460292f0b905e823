package dev.halcyon.proxy;

import dev.halcyon.proxy.digest.Digests;
import dev.halcyon.proxy.digest.Recorder.Collected;
import dev.halcyon.proxy.login.Credentials;
import dev.halcyon.proxy.login.LoginRules;
import dev.halcyon.proxy.login.LoginThrottle;
import dev.halcyon.proxy.tls.ProxyKey;
import dev.halcyon.proxy.tls.TlsEnds;
import dev.halcyon.proxy.tls.TlsSettings;
import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * A running proxy. Its clients belong to the shards, its hold to the first loop; its methods may be
 * called from any thread but those of the loops.
 */
public final class Proxy implements Traffic, AutoCloseable {
  private final Loops loops;
  private final ProxyLoop first;
  private final Shards shards;
  private final Gathering gathering;
  private final Hold hold;
  private final Channel listener;

  private Proxy(ProxySettings settings, LeaseEnd atEnd, Loops loops, OptionalInt descriptor) {
    this.loops = loops;
    this.first = loops.first();
    this.shards = new Shards(settings, loops, rules(settings, loops));
    this.gathering = new Gathering(System::nanoTime, shards, this::changed);
    this.hold =
        new Hold(
            first.thread(),
            System::nanoTime,
            shards.first().meter(),
            () -> atEnd.decide(this),
            this::changed,
            gathering);
    var bound =
        descriptor.isPresent()
            ? loops.listening(descriptor.getAsInt(), shards::arrive).register()
            : loops.listening(shards::arrive).bind(settings.listen());
    this.listener = bound.syncUninterruptibly().channel();
  }

  private void changed() {
    shards.become(hold.gate());
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
    var loops = Loops.start(settings.threads());
    try {
      return new Proxy(settings, atEnd, loops, descriptor);
    } catch (IllegalArgumentException failure) {
      loops.close();
      throw failure;
    } catch (Exception failure) { // Netty throws checked ones undeclared
      loops.close();
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

  private static LoginRules rules(ProxySettings settings, Loops loops) {
    boolean keyed =
        settings.accounts().learns()
            || settings.tls().identity() instanceof TlsSettings.Identity.SelfMade;
    Supplier<ProxyKey> key =
        (keyed ? Optional.of(ProxyKey.generate()) : Optional.<ProxyKey>empty())::orElseThrow;
    return new LoginRules(
        new Credentials(settings.accounts()),
        new LoginThrottle(System::nanoTime),
        TlsEnds.of(settings.tls(), key, loops.workers()),
        key,
        loops.workers());
  }

  /** The statements that have passed. Takes its time when many of them are new. */
  public Digests digests() {
    return shards.each(shard -> shard.recorder().collect()).stream()
        .map(Collected::digests)
        .reduce(Digests::plus)
        .orElseThrow();
  }

  /** What has been counted since the start. */
  public MeterReading meter() {
    return shards.each(shard -> shard.meter().read()).stream()
        .reduce(MeterReading::plus)
        .orElseThrow();
  }

  /** Where it listens, the port it has found included. */
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  @Override
  public void hold(Duration lease) {
    first.run(() -> hold.begin(lease));
    shards.settle();
  }

  @Override
  public void renew(Duration lease) {
    first.run(() -> hold.renew(lease));
  }

  @Override
  public void release() {
    first.run(hold::end);
    shards.settle();
  }

  @Override
  public Status status() {
    // The hold first: a shard that is looked at later has been told of it.
    var status = first.call(this::look);
    for (var part : shards.each(Shard::look)) {
      status = part.with(status);
    }
    return status;
  }

  @Override
  public boolean closeStragglers(Duration patience) throws InterruptedException {
    first.run(
        () -> {
          if (!hold.held()) {
            throw new IllegalStateException("Nothing is held");
          }
          gathering.end();
          changed();
        });
    shards.run(shard -> shard.drains().closeStragglers());
    try {
      return awaitDrained(patience);
    } finally {
      shards.run(shard -> shard.drains().keepStragglers());
    }
  }

  @Override
  public boolean awaitDrained(Duration patience) throws InterruptedException {
    return shards.awaitDrained(patience);
  }

  @Override
  public Moves prepare(String target, Duration patience) throws InterruptedException {
    return shards.prepare(target, patience);
  }

  @Override
  public void forget() {
    shards.run(shard -> shard.moving().forget());
  }

  @Override
  public Moves repoint(String target, Immovable policy, Duration patience)
      throws InterruptedException {
    return shards.repoint(target, policy, patience);
  }

  /** Lets nobody in any more; the sessions go on. */
  public void stopListening() {
    listener.close().syncUninterruptibly();
  }

  /** Ends all sessions. */
  @Override
  public void close() {
    listener.close().syncUninterruptibly();
    shards.run(Shard::close);
    loops.close();
  }

  /** The hold, without the shards. */
  private Status look() {
    return new Status(
        "",
        hold.held(),
        hold.since(),
        hold.sinceAll(),
        hold.gathering(),
        hold.isLeaseOver(),
        0,
        0,
        List.of());
  }
}
