package dev.halcyon.proxy.lease;

import java.time.Duration;

/** What was seen of a server. */
public sealed interface Sight {
  /**
   * @param readOnly for applications: {@code read_only}, or more
   * @param uptime since the server's start
   * @param behind whether it certainly lacks a transaction of the server that clients were on
   */
  record Seen(boolean readOnly, Duration uptime, boolean behind) implements Sight {}

  /**
   * @param reason in the server's or the driver's words
   */
  record Unseen(String reason) implements Sight {}
}
