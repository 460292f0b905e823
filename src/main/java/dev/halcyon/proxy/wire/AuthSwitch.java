package dev.halcyon.proxy.wire;

import java.util.Arrays;

/** The server wants another plugin's proof: first byte 0xfe, then the plugin and its nonce. */
public record AuthSwitch(String plugin, Bytes nonce) {
  public static final int FIRST_BYTE = 0xfe;

  public static AuthSwitch decode(PayloadReader reader) {
    reader.skip(1);
    String plugin = reader.text();
    byte[] data = reader.rest().toArray();
    if (data.length < Greeting.NONCE_LENGTH) {
      throw new MalformedPacketException("A nonce of " + data.length + " bytes");
    }
    return new AuthSwitch(plugin, Bytes.of(Arrays.copyOf(data, Greeting.NONCE_LENGTH)));
  }

  public void encode(PayloadWriter writer) {
    writer.int1(FIRST_BYTE).zeroEnded(plugin).zeroEnded(nonce);
  }
}
