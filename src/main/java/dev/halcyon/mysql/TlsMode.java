package dev.halcyon.mysql;

import java.util.Locale;
import java.util.Optional;

/**
 * How a connection is secured.
 *
 * <p>With a CA in the settings the server must present a certificate of that CA which names the
 * host; {@code ?sslMode=verify-ca} in the url leaves the name out, and nothing leaves out more.
 * Without a CA, and without a mode in the url, TLS is used when the server offers it, its
 * certificate is not checked, and a server without TLS is spoken to in plain, as MySQL's own
 * clients do it. {@code ?sslMode=trust} insists on TLS, {@code disable} on none. The names that
 * Connector/J of MySQL has for these are understood too.
 */
final class TlsMode {
  private TlsMode() {}

  /** The driver's word for the mode, or empty if it depends on the server's offer. */
  static Optional<String> of(ConnectionSettings settings, JdbcUrl url) {
    var given = url.option("sslMode").toLowerCase(Locale.ROOT).replace('_', '-');
    if (settings.ca() != null) {
      return Optional.of(given.equals("verify-ca") ? given : "verify-full");
    }
    return switch (given) {
      case "" -> ofOldOption(url.option("useSSL"));
      case "preferred" -> Optional.empty();
      case "disabled" -> Optional.of("disable");
      case "required" -> Optional.of("trust");
      case "verify-identity" -> Optional.of("verify-full");
      default -> Optional.of(given);
    };
  }

  private static Optional<String> ofOldOption(String useSsl) {
    return switch (useSsl.toLowerCase(Locale.ROOT)) {
      case "true" -> Optional.of("trust");
      case "false" -> Optional.of("disable");
      default -> Optional.empty();
    };
  }
}
