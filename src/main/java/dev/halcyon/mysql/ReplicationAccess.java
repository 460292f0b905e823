package dev.halcyon.mysql;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a connection of the replication protocol needs, which JDBC does not speak. Its text never
 * shows the password.
 *
 * @param host without brackets
 * @param tls how the connection is secured
 * @param ca certificate authority in PEM, or null for the machine's own
 */
public record ReplicationAccess(
    String host,
    int port,
    String user,
    String password,
    Tls tls,
    @Nullable Path ca,
    Duration connectTimeout) {

  /** As {@code sslMode} of the url; see {@link TlsMode}. */
  public enum Tls {
    DISABLE,
    /** When the server offers it; its certificate is not checked. */
    PREFER,
    /** Insisted on; the certificate is not checked. */
    TRUST,
    VERIFY_CA,
    VERIFY_FULL
  }

  static ReplicationAccess of(ConnectionSettings settings, JdbcUrl url) {
    var password = settings.password();
    var host = url.host();
    return new ReplicationAccess(
        host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
        url.port(),
        settings.user(),
        password == null ? "" : password,
        tls(TlsMode.of(settings, url).orElse("prefer")),
        settings.ca(),
        settings.connectTimeout());
  }

  private static Tls tls(String mode) {
    return switch (mode) {
      case "disable" -> Tls.DISABLE;
      case "prefer" -> Tls.PREFER;
      case "trust" -> Tls.TRUST;
      case "verify-ca" -> Tls.VERIFY_CA;
      // A word that the driver would not know has failed at its connection.
      default -> Tls.VERIFY_FULL;
    };
  }

  @Override
  public String toString() {
    return user + " at " + host + ":" + port;
  }
}
