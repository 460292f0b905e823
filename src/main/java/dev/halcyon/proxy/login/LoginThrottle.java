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

  /**
   * An attempt whose end is not known yet. After some failures it counts as one, or many attempts
   * at once would not wait for each other.
   */
  synchronized void began(InetAddress address) {
    var failures = addresses.get(address);
    if (failures != null && failures.number() >= FREE_FAILURES) {
      addresses.put(
          address,
          new Failures(failures.number(), nanoTime.getAsLong() + pause(failures.number())));
    }
  }

  synchronized void failed(InetAddress address) {
    int number = addresses.containsKey(address) ? addresses.get(address).number() + 1 : 1;
    addresses.put(address, new Failures(number, nanoTime.getAsLong() + pause(number)));
    if (addresses.size() > ADDRESSES) {
      addresses.remove(addresses.keySet().iterator().next());
    }
  }

  synchronized void succeeded(InetAddress address) {
    addresses.remove(address);
  }

  private static long pause(int failures) {
    int doublings = Math.clamp(failures - FREE_FAILURES, 0, 10);
    return failures < FREE_FAILURES ? 0 : Math.min(LONGEST_WAIT, FIRST_WAIT << doublings);
  }

  private record Failures(int number, long until) {}
}
