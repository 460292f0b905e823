package dev.halcyon.proxy.control;

import java.util.Map;

/** What a controller may ask of the process that the proxy runs in. Thread-safe. */
public interface Chores {
  /** Drains and ends the process. Does not wait for it. */
  void stop();

  /** More fields of the status. */
  Map<String, Object> about();
}
