package dev.halcyon.cli;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Failure;
import dev.halcyon.model.Refusal;
import dev.halcyon.mysql.Fault;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What kept a command from its end: the action and its step, the server's own words, what state
 * remains and the next line to type.
 */
final class ErrorText {
  private ErrorText() {}

  /**
   * @param command the line that was typed: {@code halcyon expand V11}
   * @param server account and url, empty when they are not known yet
   */
  static Answer of(RuntimeException thrown, String command, String server) {
    return switch (thrown) {
      case Refusal refusal -> Answer.findings(refusal.exitStatus(), refusal.findings());
      case Failure failure ->
          error(
              failure.code(),
              String.valueOf(failure.getMessage()),
              server,
              failure.remains(),
              failure.next(),
              failure);
      case Fault fault ->
          error(
              code(fault),
              String.valueOf(fault.getMessage()),
              server,
              "What the journal says; halcyon status shows it.",
              command,
              fault);
      default ->
          error(
              ErrorCode.INTERNAL,
              thrown.getClass().getSimpleName() + ": " + thrown.getMessage(),
              server,
              "What the journal says; halcyon status shows it.",
              command + " --debug, and report what it prints",
              thrown);
    };
  }

  private static Answer error(
      ErrorCode code,
      String message,
      String server,
      String remains,
      String next,
      RuntimeException thrown) {
    var error = new LinkedHashMap<String, Object>();
    error.put("code", code.code());
    error.put("message", message);
    error.put("server", server);
    Fault fault = fault(thrown);
    if (fault != null) {
      error.put("serverCode", fault.code());
      error.put("sqlState", fault.sqlState());
      error.put("serverWords", fault.words());
    }
    error.put("remains", remains);
    error.put("next", next);
    return new Answer(
        code.exitStatus(), "", text(code, message, server, remains, next), Map.of("error", error));
  }

  private static String text(
      ErrorCode code, String message, String server, String remains, String next) {
    var text = new StringBuilder("error " + code.code() + ": " + message + "\n");
    line(text, "server", server);
    line(text, "remains", remains);
    line(text, "next", next);
    return text.toString();
  }

  private static void line(StringBuilder text, String name, String value) {
    if (!value.isEmpty()) {
      text.append(String.format("    %-8s %s%n", name, value.replace("\n", "\n             ")));
    }
  }

  /** The server's own error behind it, if there is one. */
  private static @Nullable Fault fault(Throwable thrown) {
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      if (at instanceof Fault fault) {
        return fault;
      }
    }
    return null;
  }

  private static ErrorCode code(Fault fault) {
    return switch (fault) {
      case Fault.Refused refused ->
          switch (refused.code()) {
            case 1044, 1142, 1143, 1227, 1370 -> ErrorCode.GRANT_MISSING;
            default -> ErrorCode.STEP_FAILED;
          };
      case Fault.Transient _ -> ErrorCode.LOCK_WAIT;
      case Fault.OutcomeUnknown _, Fault.Broken _ -> ErrorCode.CONNECTION_LOST;
    };
  }
}
