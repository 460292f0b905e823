package dev.halcyon.progress;

/**
 * Takes the events of a run. Called from the threads that do the work, so it must be quick and
 * thread-safe.
 */
@FunctionalInterface
public interface Events {
  /** For callers that do not look. */
  Events NONE = event -> {};

  void on(Event event);
}
