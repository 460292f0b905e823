package dev.halcyon.testing;

import dev.halcyon.embedded.HaProxyServer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.opentest4j.TestAbortedException;

/** HAProxy for tests: real or not at all. */
public final class HaProxies {
  private static final AtomicBoolean TOLD = new AtomicBoolean();

  private HaProxies() {}

  /**
   * Starts one; the test closes it. Where there is no HAProxy the test is skipped with a loud line,
   * which CI forbids.
   *
   * @param servers the lines of the backend, without their first word
   */
  public static HaProxyServer start(String... servers) {
    return HaProxyServer.start(program(), List.of(servers));
  }

  /** As {@link #start}, in TCP mode. */
  public static HaProxyServer startTcp(String... servers) {
    return HaProxyServer.startTcp(program(), List.of(servers));
  }

  private static Path program() {
    var program = HaProxyServer.program();
    if (program.isPresent()) {
      return program.get();
    }
    var words = "HAProxy is not installed (apt-get install haproxy)";
    if (Servers.skippingForbidden()) {
      throw new AssertionError(words);
    }
    if (TOLD.compareAndSet(false, true)) {
      System.err.println("HALCYON: NO TEST WITH HAPROXY RUNS: " + words);
    }
    throw new TestAbortedException(words);
  }
}
