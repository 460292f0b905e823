package dev.halcyon.lint.report;

import dev.halcyon.model.Finding;
import dev.halcyon.model.Place;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * Tells findings apart over several runs: a finding keeps its mark while lines above it come and
 * go. For one report in its order.
 */
final class Fingerprint {
  private final Report report;
  private final Map<String, Integer> seen = new HashMap<>();

  Fingerprint(Report report) {
    this.report = report;
  }

  /** 64 hexadecimal digits. */
  String of(Finding finding) {
    Place place = finding.place();
    String what =
        finding.code()
            + '\n'
            + (place == null
                ? finding.message()
                : place.file() + '\n' + report.line(place).orElse(""));
    int times = seen.merge(what, 1, Integer::sum);
    try {
      byte[] text = (what + '\n' + times).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }
}
