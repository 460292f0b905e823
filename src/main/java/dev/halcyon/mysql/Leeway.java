package dev.halcyon.mysql;

/** How much room there is for work in the background. */
public sealed interface Leeway {
  /** Nobody else is at work. */
  record Full() implements Leeway {}

  /** Others are at work: short chunks, with pauses between them. */
  record Shared() implements Leeway {}

  /**
   * None for now.
   *
   * @param reason for people: {@code 31 threads are running, the limit is 25}
   */
  record None(String reason) implements Leeway {}
}
