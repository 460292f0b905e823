package dev.halcyon.cli;

/** What a command does, apart from how it is spelt on the command line. */
@FunctionalInterface
interface Action {
  /**
   * @throws dev.halcyon.model.Refusal if it was refused before anything changed
   * @throws dev.halcyon.model.Failure if it stopped after it had begun
   */
  Answer act(Invocation invocation);
}
