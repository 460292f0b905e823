package dev.halcyon.proxy.login;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/** A password. It has no text form and never enters a log. Equal to itself only. */
public final class Secret {
  private final byte[] bytes;

  private Secret(byte[] bytes) {
    this.bytes = bytes;
  }

  public static Secret of(String password) {
    return new Secret(password.getBytes(StandardCharsets.UTF_8));
  }

  /** As a client sends it: a zero at its end is none of it. */
  static Secret sent(byte[] bytes) {
    int length = bytes.length;
    if (length > 0 && bytes[length - 1] == 0) {
      length--;
    }
    return new Secret(Arrays.copyOf(bytes, length));
  }

  boolean isEmpty() {
    return bytes.length == 0;
  }

  byte[] bytes() {
    return bytes.clone();
  }

  /** Takes as long for another password as for the same one. */
  boolean same(Secret other) {
    return MessageDigest.isEqual(bytes, other.bytes);
  }

  @Override
  public String toString() {
    return "a secret";
  }
}
