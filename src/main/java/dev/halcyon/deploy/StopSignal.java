package dev.halcyon.deploy;

/** Whether the user wants the run to stop at the next safe point. Thread-safe. */
@FunctionalInterface
public interface StopSignal {
  /** For runs that nobody interrupts. */
  StopSignal NEVER = () -> false;

  boolean requested();
}
