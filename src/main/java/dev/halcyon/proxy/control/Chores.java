package dev.halcyon.proxy.control;

import dev.halcyon.proxy.MeterReading;
import dev.halcyon.proxy.digest.Digests;
import java.util.Map;

/** What a controller may ask of the process that the proxy runs in. Thread-safe. */
public interface Chores {
  /** Drains and ends the process. Does not wait for it. */
  void stop();

  /**
   * Offers the listening socket to a new process.
   *
   * @return how the new process gets it
   * @throws IllegalStateException if that is not possible now
   */
  Map<String, Object> handOver();

  /**
   * The new process accepts clients; this one only serves those that it has.
   *
   * @throws IllegalStateException if nothing was offered, or too long ago
   */
  void handedOver();

  /** More fields of the status. */
  Map<String, Object> about();

  /** The statements that have passed the proxy of this process. */
  Digests digests();

  /** What the proxy of this process has counted. */
  MeterReading meter();
}
