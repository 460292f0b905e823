package dev.halcyon.proxy.login;

import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Makes guessing slow: after a few failures in a row from one address its next attempts, right or
 * wrong, wait. Thread-safe. Remembers 10,000 addresses, the latest.
 */
public final class LoginThrottle {
  private static final int FREE_FAILURES = 5;
  private static final int ADDRESSES = 10_000;
  private static final long FIRST_WAIT = Duration.ofMillis(100).toNanos();
  private static final long LONGEST_WAIT = Duration.ofSeconds(5).toNanos();

  private final LongSupplier nanoTime;

  private final Map<InetAddress, Failures> addresses = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * @param nanoTime as {@link System#nanoTime}
   */
  public LoginThrottle(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** How long this address's next attempt must wait yet; zero if not at all. */
  synchronized Duration wait(InetAddress address) {
    var failures = addresses.get(address);
    if (failures == null) {
      return Duration.ZERO;
    }
    return Duration.ofNanos(Math.max(0, failures.until() - nanoTime.getAsLong()));
  }

  synchronized void failed(InetAddress address) {
    int number = addresses.containsKey(address) ? addresses.get(address).number() + 1 : 1;
    int doublings = Math.clamp(number - FREE_FAILURES, 0, 10);
    long wait = number < FREE_FAILURES ? 0 : Math.min(LONGEST_WAIT, FIRST_WAIT << doublings);
    addresses.put(address, new Failures(number, nanoTime.getAsLong() + wait));
    if (addresses.size() > ADDRESSES) {
      addresses.remove(addresses.keySet().iterator().next());
    }
  }

  synchronized void succeeded(InetAddress address) {
    addresses.remove(address);
  }

  private record Failures(int number, long until) {}
}
