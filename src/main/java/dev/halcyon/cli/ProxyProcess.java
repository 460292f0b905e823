package dev.halcyon.cli;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.proxy.Proxy;
import dev.halcyon.proxy.Traffic.SessionStatus;
import dev.halcyon.proxy.control.Chores;
import dev.halcyon.proxy.control.ControlServer;
import dev.halcyon.proxy.control.ControlToken;
import dev.halcyon.proxy.lease.SafeRelease;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** The proxy of this process, and its control, from beginning to end. */
final class ProxyProcess implements Chores, AutoCloseable {
  private final ProxySetup setup;
  private final SafeRelease rule;
  private final Proxy proxy;
  private final ControlServer control;
  private final CountDownLatch stopped = new CountDownLatch(1);

  private ProxyProcess(ProxySetup setup, String first, ControlToken token, SafeRelease rule) {
    this.setup = setup;
    this.rule = rule;
    this.proxy = listening(setup, first, rule);
    try {
      this.control = ControlServer.start(setup.control(), token, proxy, this);
    } catch (IOException failure) {
      proxy.close();
      throw taken(setup.control(), failure, Setting.PROXY_CONTROL);
    }
  }

  /**
   * @param first the name of the server that clients are led to
   * @throws dev.halcyon.model.Refusal HAL-703 if one of the addresses cannot be listened at
   */
  static ProxyProcess start(ProxySetup setup, String first, ControlToken token, SafeRelease rule) {
    return new ProxyProcess(setup, first, token, rule);
  }

  private static Proxy listening(ProxySetup setup, String first, SafeRelease rule) {
    try {
      return Proxy.start(setup.settings(first), rule);
    } catch (IllegalArgumentException failure) {
      throw ErrorCode.SETTINGS_INVALID.refuse(failure.getMessage() + ".", "");
    } catch (IllegalStateException failure) {
      throw taken(setup.listen(), failure, Setting.PROXY_LISTEN);
    }
  }

  private static RuntimeException taken(
      InetSocketAddress address, Exception failure, Setting setting) {
    return ErrorCode.PROXY_ADDRESS.refuse(
        "Cannot listen at %s: %s.".formatted(ProxySetup.text(address), failure.getMessage()),
        "Free it, or give another one as " + setting.key() + ".");
  }

  /** Blocks until it is told to end, and has. */
  List<SessionStatus> awaitEnd() throws InterruptedException {
    stopped.await();
    proxy.stopListening();
    Duration drain = setup.drain();
    if (!proxy.status().held()) {
      // Longer than it can take, so that nothing is decided in between.
      proxy.hold(drain.plusMinutes(1));
    }
    var _ = proxy.awaitDrained(drain);
    return proxy.status().stragglers();
  }

  @Override
  public void stop() {
    stopped.countDown();
  }

  @Override
  public Map<String, Object> about() {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("process", ProcessHandle.current().pid());
    fields.put("listen", ProxySetup.text(proxy.address()));
    var servers = new LinkedHashMap<String, Object>();
    setup.servers().forEach((name, address) -> servers.put(name, ProxySetup.text(address)));
    fields.put("servers", servers);
    fields.put("reason", rule.reason());
    return fields;
  }

  @Override
  public void close() {
    control.close();
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
