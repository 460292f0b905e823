package dev.halcyon.rebuild;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What tells a rebuild of the application's writes. */
public enum CaptureBy {
  /** The server's binary log. */
  LOG,
  /** Triggers on the table, for servers whose log is off or may not be read. */
  TRIGGERS;

  /** Appended to what is to be done when the log cannot be followed. */
  static final String INSTEAD = " Or have triggers capture the changes: --capture=triggers";

  /** As it stands in settings: {@code log}, {@code triggers}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The one with this label. */
  public static Optional<CaptureBy> of(String label) {
    return Arrays.stream(values()).filter(by -> by.label().equals(label)).findFirst();
  }
}
