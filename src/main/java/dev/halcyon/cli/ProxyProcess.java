package dev.halcyon.cli;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.proxy.MeterReading;
import dev.halcyon.proxy.Proxy;
import dev.halcyon.proxy.Traffic.SessionStatus;
import dev.halcyon.proxy.control.Chores;
import dev.halcyon.proxy.control.ControlServer;
import dev.halcyon.proxy.control.ControlToken;
import dev.halcyon.proxy.control.JoinedTraffic;
import dev.halcyon.proxy.digest.Digests;
import dev.halcyon.proxy.lease.SafeRelease;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The proxy of this process, and its control, from beginning to end. At the end it either is
 * stopped, or it hands over to a new process and lives on until its last session has gone.
 */
final class ProxyProcess implements Chores, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ProxyProcess.class);

  /** The old process's control may take so long to let go of its address. */
  private static final Duration ADDRESS_LIMIT = Duration.ofSeconds(10);

  private static final long LOOK_MILLIS = 100;

  private final ProxySetup setup;
  private final ControlToken token;
  private final SafeRelease rule;
  private final Origin origin;
  private final Proxy proxy;
  private final JoinedTraffic traffic;
  private final ControlServer control;
  private final CountDownLatch ending = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);

  /** The new process has ended; no controller can reach this one any more. */
  private volatile boolean orphaned;

  /** Guarded by this. */
  private @Nullable HandOver handOver;

  private ProxyProcess(ProxySetup setup, ControlToken token, SafeRelease rule, Origin origin)
      throws InterruptedException {
    this.setup = setup;
    this.token = token;
    this.rule = rule;
    this.origin = origin;
    this.proxy = listening(setup, rule, origin);
    this.traffic = new JoinedTraffic(proxy, origin.older());
    try {
      origin.begun();
      proxy.accept();
      this.control = controlled(origin);
    } catch (RuntimeException | InterruptedException failure) {
      origin.close();
      proxy.close();
      throw failure;
    }
  }

  /**
   * @throws dev.halcyon.model.Refusal HAL-703 if one of the addresses cannot be listened at
   */
  static ProxyProcess start(ProxySetup setup, ControlToken token, SafeRelease rule, Origin origin)
      throws InterruptedException {
    return new ProxyProcess(setup, token, rule, origin);
  }

  private static Proxy listening(ProxySetup setup, SafeRelease rule, Origin origin) {
    var settings = setup.settings(origin.server());
    try {
      var taken = origin.taken();
      return taken == null
          ? Proxy.start(settings, rule)
          : Proxy.takeOver(settings, rule, taken.descriptor());
    } catch (IllegalArgumentException failure) {
      throw ErrorCode.SETTINGS_INVALID.refuse(failure.getMessage() + ".", "");
    } catch (IllegalStateException failure) {
      throw taken(setup.listen(), failure, Setting.PROXY_LISTEN);
    }
  }

  private ControlServer controlled(Origin origin) throws InterruptedException {
    long end = System.nanoTime() + (origin.older() == null ? 0 : ADDRESS_LIMIT.toNanos());
    while (true) {
      try {
        return ControlServer.start(setup.control(), token, traffic, this);
      } catch (IOException failure) {
        if (System.nanoTime() > end || stopped.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
          throw taken(setup.control(), failure, Setting.PROXY_CONTROL);
        }
      }
    }
  }

  private static RuntimeException taken(
      InetSocketAddress address, Exception failure, Setting setting) {
    return ErrorCode.PROXY_ADDRESS.refuse(
        "Cannot listen at %s: %s.".formatted(ProxySetup.text(address), failure.getMessage()),
        "Give another one as "
            + setting.key()
            + ", or --take-over if a proxy of yours is running there.");
  }

  /** Blocks until it is told to end, and has. */
  List<SessionStatus> awaitEnd() throws InterruptedException {
    ending.await();
    proxy.stopListening();
    if (stopped.getCount() > 0) {
      control.close();
      awaitLast();
    }
    origin.close();
    if (!proxy.status().held()) {
      // Longer than it can take, so that nothing is decided in between.
      proxy.hold(setup.drain().plusMinutes(1));
    }
    var _ = proxy.awaitDrained(setup.drain());
    return proxy.status().stragglers();
  }

  /** Until the last session has gone, those of a still older process as well. */
  private void awaitLast() throws InterruptedException {
    long end = System.nanoTime() + setup.handOver().toNanos();
    while (System.nanoTime() < end && !stopped.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
      boolean leave = orphaned && !proxy.status().held();
      if (leave || isEmpty()) {
        return;
      }
    }
  }

  private boolean isEmpty() {
    var own = proxy.status();
    return own.sessions().isEmpty()
        && own.entering() == 0
        && own.waiting() == 0
        && traffic.isAlone();
  }

  private void orphan() {
    log.warn("The process that has taken over is gone; this one drains and ends");
    orphaned = true;
  }

  @Override
  public void stop() {
    stopped.countDown();
    ending.countDown();
  }

  @Override
  public synchronized Map<String, Object> handOver() {
    var former = handOver;
    if (former != null && !former.isVoid()) {
      throw new IllegalStateException("Another process is taking over already");
    }
    if (ending.getCount() == 0 || traffic.status().held()) {
      throw new IllegalStateException("Clients are held, or the proxy is ending");
    }
    var offer = HandOver.offer(proxy.descriptor(), token, traffic, this, this::orphan);
    handOver = offer;
    return Map.of(
        "socket", offer.socket().toString(),
        "control", ProxySetup.text(offer.control()),
        "server", proxy.status().server());
  }

  @Override
  public synchronized void handedOver() {
    var offer = handOver;
    if (offer == null || !offer.accept()) {
      throw new IllegalStateException("Nothing is offered, or not any more");
    }
    ending.countDown();
  }

  @Override
  public Map<String, Object> about() {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("process", ProcessHandle.current().pid());
    fields.put("joined", traffic.isJoined());
    fields.put("listen", ProxySetup.text(proxy.address()));
    var servers = new LinkedHashMap<String, Object>();
    setup.servers().forEach((name, address) -> servers.put(name, ProxySetup.text(address)));
    fields.put("servers", servers);
    fields.put("reason", rule.reason());
    return fields;
  }

  @Override
  public Digests digests() {
    return proxy.digests();
  }

  @Override
  public MeterReading meter() {
    return proxy.meter();
  }

  @Override
  public void close() {
    control.close();
    synchronized (this) {
      if (handOver != null) {
        handOver.close();
      }
    }
    origin.close();
    proxy.close();
  }

  @Override
  public String toString() {
    return "listening at %s; clients go to %s; control at %s"
        .formatted(
            ProxySetup.text(proxy.address()),
            proxy.status().server(),
            ProxySetup.text(control.address()));
  }
}
