package dev.halcyon.sql;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** SHA-256 over the texts of a change. */
final class Checksum {
  private Checksum() {}

  /** In hexadecimal; the order and the number of the texts count. */
  static String of(List<SourceFile> files) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      for (int i = 0; i < files.size(); i++) {
        if (i > 0) {
          digest.update((byte) 0);
        }
        digest.update(files.get(i).text().getBytes(StandardCharsets.UTF_8));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }
}
