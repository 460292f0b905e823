package dev.halcyon.proxy.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Guessing becomes slow for one address, not for others. */
class LoginThrottleTest {
  private final AtomicLong clock = new AtomicLong(-5);
  private final LoginThrottle throttle = new LoginThrottle(clock::get);

  @Test
  void waitsGrowAndEnd() throws UnknownHostException {
    var one = InetAddress.getByName("192.0.2.1");
    var other = InetAddress.getByName("192.0.2.2");
    for (int i = 0; i < 4; i++) {
      throttle.failed(one);
      assertThat(throttle.wait(one)).isZero();
    }
    throttle.failed(one);
    assertThat(throttle.wait(one)).isEqualTo(Duration.ofMillis(100));
    throttle.failed(one);
    assertThat(throttle.wait(one)).isEqualTo(Duration.ofMillis(200));
    assertThat(throttle.wait(other)).isZero();

    clock.addAndGet(Duration.ofMillis(150).toNanos());
    assertThat(throttle.wait(one)).isEqualTo(Duration.ofMillis(50));
    clock.addAndGet(Duration.ofMillis(150).toNanos());
    assertThat(throttle.wait(one)).isZero();

    for (int i = 0; i < 100; i++) {
      throttle.failed(one);
    }
    assertThat(throttle.wait(one)).isEqualTo(Duration.ofSeconds(5));
    throttle.succeeded(one);
    assertThat(throttle.wait(one)).isZero();
  }

  @Test
  void memoryIsBounded() throws UnknownHostException {
    var first = InetAddress.getByName("192.0.2.1");
    for (int i = 0; i < 6; i++) {
      throttle.failed(first);
    }
    for (int i = 0; i < 10_000; i++) {
      throttle.failed(InetAddress.getByAddress(new byte[] {10, 0, (byte) (i >> 8), (byte) i}));
    }
    assertThat(throttle.wait(first)).isZero();
  }
}
