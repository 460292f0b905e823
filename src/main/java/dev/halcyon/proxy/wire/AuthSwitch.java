package dev.halcyon.proxy.wire;

import java.util.Arrays;

/**
 * The server wants another plugin's proof: first byte 0xfe, then the plugin and its nonce.
 *
 * @param nonce at most 20 bytes; plugins that a proxy does not know send what they like
 */
public record AuthSwitch(String plugin, Bytes nonce) {
  public static final int FIRST_BYTE = 0xfe;

  public static AuthSwitch decode(PayloadReader reader) {
    reader.skip(1);
    String plugin = reader.text();
    byte[] data = reader.rest().toArray();
    int length = Math.min(data.length, Greeting.NONCE_LENGTH);
    return new AuthSwitch(plugin, Bytes.of(Arrays.copyOf(data, length)));
  }

  public void encode(PayloadWriter writer) {
    writer.int1(FIRST_BYTE).zeroEnded(plugin).zeroEnded(nonce);
  }
}
