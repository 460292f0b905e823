package dev.halcyon.cli;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How a running proxy is reached, and held by hand.
 *
 * @param grace how long a hold waits for open transactions
 */
record ProxyAccess(
    InetSocketAddress control, Path tokenFile, Duration lease, Duration grace, Policy policy) {

  /** What a hold does with sessions that are not at a boundary after the grace. */
  enum Policy {
    GIVE_UP,
    CLOSE_IDLE
  }
}
