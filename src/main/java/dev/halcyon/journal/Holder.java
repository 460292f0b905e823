package dev.halcyon.journal;

import java.io.IOException;
import java.net.InetAddress;

/**
 * Who runs: as {@code status} and the refusal of a second run show it.
 *
 * @param command what was typed, without settings: {@code expand V12}
 */
public record Holder(String host, long process, String user, String command) {
  public Holder {
    if (host.isBlank() || command.isBlank()) {
      throw new IllegalArgumentException("a holder has a host and a command");
    }
  }

  /** This process. */
  public static Holder current(String command) {
    return new Holder(
        hostName(), ProcessHandle.current().pid(), System.getProperty("user.name", "?"), command);
  }

  /** {@code "halcyon expand V12" of ann@build-7, process 4711}. */
  @Override
  public String toString() {
    return "\"halcyon %s\" of %s@%s, process %d".formatted(command, user, host, process);
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (IOException nameless) {
      // A host without a resolvable name still runs; the name is for people only.
      return "unnamed host";
    }
  }
}
