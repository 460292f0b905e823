package dev.halcyon.bench;

import dev.halcyon.proxy.Proxy;
import dev.halcyon.proxy.ProxySettings;
import dev.halcyon.proxy.Traffic.Decision;
import dev.halcyon.proxy.Traffic.Immovable;
import dev.halcyon.proxy.login.Accounts;
import dev.halcyon.proxy.login.Secret;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/**
 * A proxy as a process of its own. Says its port, then answers each line that it reads: {@code
 * hold} with the milliseconds until all sessions were held and until they were released, {@code
 * heap} with the bytes in use after a collection, {@code move} with the milliseconds that it took
 * to prepare a move to the other server and how long the sessions were then held. Ends when there
 * is nothing more to read.
 */
final class ProxyProcess {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private ProxyProcess() {}

  /** Arguments: the ports of two servers, which may be one; user, password. */
  public static void main(String[] arguments) throws Exception {
    var loopback = InetAddress.getLoopbackAddress();
    var settings =
        new ProxySettings(
            new InetSocketAddress(loopback, 0),
            Map.of(
                "one", new InetSocketAddress(loopback, Integer.parseInt(arguments[0])),
                "other", new InetSocketAddress(loopback, Integer.parseInt(arguments[1]))),
            "one",
            new Accounts(Map.of(arguments[2], Secret.of(arguments[3]))));
    try (var proxy = Proxy.start(settings, _ -> Decision.KEEP_HOLDING)) {
      System.out.println(proxy.address().getPort());
      serve(proxy);
    }
  }

  private static void serve(Proxy proxy) throws IOException, InterruptedException {
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (var line = in.readLine(); line != null; line = in.readLine()) {
      switch (line) {
        case "hold" -> System.out.println(hold(proxy));
        case "move" -> System.out.println(move(proxy));
        case "heap" -> {
          System.gc();
          System.out.println(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        default -> throw new IllegalArgumentException(line);
      }
    }
  }

  private static String move(Proxy proxy) throws InterruptedException {
    String target = proxy.status().server().equals("one") ? "other" : "one";
    long start = System.nanoTime();
    proxy.prepare(target, PATIENCE);
    long prepared = System.nanoTime();
    proxy.hold(PATIENCE);
    if (!proxy.awaitDrained(PATIENCE)) {
      throw new IllegalStateException("not drained: " + proxy.status().stragglers());
    }
    var moves = proxy.repoint(target, Immovable.GIVE_UP, PATIENCE);
    proxy.release();
    long released = System.nanoTime();
    if (!moves.complete()) {
      throw new IllegalStateException("not moved: " + moves.exceptions());
    }
    return "%.0f %.0f".formatted((prepared - start) / 1e6, (released - prepared) / 1e6);
  }

  private static String hold(Proxy proxy) throws InterruptedException {
    var start = System.nanoTime();
    proxy.hold(PATIENCE);
    if (!proxy.awaitDrained(PATIENCE)) {
      throw new IllegalStateException("not drained: " + proxy.status().stragglers());
    }
    var held = System.nanoTime();
    proxy.release();
    var released = System.nanoTime();
    return "%.2f %.2f".formatted((held - start) / 1e6, (released - held) / 1e6);
  }
}
