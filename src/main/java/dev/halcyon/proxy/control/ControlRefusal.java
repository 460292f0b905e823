package dev.halcyon.proxy.control;

import dev.halcyon.model.ErrorCode;

/** A request that is not done; nothing has changed. */
final class ControlRefusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final ErrorCode code;

  ControlRefusal(int status, ErrorCode code, String message) {
    super(message);
    this.status = status;
    this.code = code;
  }

  static ControlRefusal malformed(String message) {
    return new ControlRefusal(400, ErrorCode.CONTROL_MALFORMED, message);
  }

  /** Of HTTP. */
  int status() {
    return status;
  }

  ErrorCode code() {
    return code;
  }
}
