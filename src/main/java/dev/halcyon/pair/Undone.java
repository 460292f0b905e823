package dev.halcyon.pair;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Failure;
import dev.halcyon.model.Refusal;
import dev.halcyon.mysql.Fault;

/**
 * How it is told that something which met with a failure was undone.
 *
 * @param title of what was to be done
 * @param state as it is again
 * @param next what to type
 */
record Undone(String title, String state, String next) {
  /** A refusal stays what it is: nothing had begun. */
  RuntimeException of(Exception failure) throws InterruptedException {
    return switch (failure) {
      case InterruptedException interrupted -> throw interrupted;
      case Refusal refusal -> refusal;
      case Fault fault -> failed(fault, fault.detail());
      default -> failed(failure, String.valueOf(failure.getMessage()));
    };
  }

  private Failure failed(Exception cause, String detail) {
    return new Failure(ErrorCode.SWITCH_UNDONE, title, detail, state, next, cause);
  }
}
