package dev.halcyon.proxy.wire;

import java.net.InetAddress;

/**
 * The server refuses.
 *
 * @param state 5 characters, or empty in an answer before the login
 */
public record ErrPacket(int code, String state, String message) {
  public static final int FIRST_BYTE = 0xff;
  public static final int ACCESS_DENIED = 1045;
  private static final int PROGRESS = 0xffff;
  private static final int STATE_LENGTH = 5;

  /** Whether it is none, but tells how far a long statement is; MariaDB only. */
  public static boolean isProgress(PayloadReader reader) {
    reader.skip(1);
    return reader.int2() == PROGRESS;
  }

  /** In the servers' words. */
  public static ErrPacket accessDenied(String user, InetAddress client, boolean withPassword) {
    return new ErrPacket(
        ACCESS_DENIED,
        "28000",
        "Access denied for user '%s'@'%s' (using password: %s)"
            .formatted(user, client.getHostAddress(), withPassword ? "YES" : "NO"));
  }

  public static ErrPacket decode(PayloadReader reader) {
    reader.skip(1);
    int code = reader.int2();
    String rest = reader.restAsText();
    return rest.startsWith("#") && rest.length() > STATE_LENGTH
        ? new ErrPacket(code, rest.substring(1, 1 + STATE_LENGTH), rest.substring(1 + STATE_LENGTH))
        : new ErrPacket(code, "", rest);
  }

  public void encode(PayloadWriter writer) {
    writer.int1(FIRST_BYTE).int2(code);
    if (!state.isEmpty()) {
      writer.utf8("#").utf8(state);
    }
    writer.utf8(message);
  }
}
