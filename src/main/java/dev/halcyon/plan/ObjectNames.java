package dev.halcyon.plan;

import dev.halcyon.model.Version;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Names of what Halcyon creates in a schema. They begin with {@code hal_} and fit in 64 characters.
 */
final class ObjectNames {
  static final String PREFIX = "hal_";
  private static final int LIMIT = 64;
  private static final int HASH_LENGTH = 12;

  private ObjectNames() {}

  /** {@code hal_11_users_bi}; a name that would be too long ends in a hash of itself. */
  static String of(Version version, String rest) {
    String name = PREFIX + version.text().replace('.', '_') + "_" + rest;
    if (name.length() <= LIMIT) {
      return name;
    }
    return name.substring(0, LIMIT - HASH_LENGTH - 1) + "_" + hash(name);
  }

  static boolean isOurs(String name) {
    return name.startsWith(PREFIX) || name.startsWith("halcyon_");
  }

  private static String hash(String name) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, HASH_LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
