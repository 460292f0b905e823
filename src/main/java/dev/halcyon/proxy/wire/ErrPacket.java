package dev.halcyon.proxy.wire;

/**
 * The server refuses.
 *
 * @param state 5 characters, or empty in an answer before the login
 */
public record ErrPacket(int code, String state, String message) {
  public static final int FIRST_BYTE = 0xff;
  private static final int STATE_LENGTH = 5;

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
