package dev.halcyon.proxy.login;

import java.nio.charset.StandardCharsets;

/** A password. It has no text form and never enters a log. */
public final class Secret {
  private final byte[] bytes;

  private Secret(byte[] bytes) {
    this.bytes = bytes;
  }

  public static Secret of(String password) {
    return new Secret(password.getBytes(StandardCharsets.UTF_8));
  }

  boolean isEmpty() {
    return bytes.length == 0;
  }

  byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public String toString() {
    return "a secret";
  }
}
