package dev.halcyon.mysql;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where the server is and who connects. Its text never shows the password.
 *
 * @param url {@code jdbc:mysql://host:port/schema} or {@code jdbc:mariadb://…}; options behind a
 *     question mark go to MariaDB Connector/J as they are, but for those that Halcyon depends on
 * @param ca certificate authority in PEM; when given, the connection uses TLS, and the server's
 *     certificate must come from it and name the host
 * @param connectTimeout for connecting and logging in
 */
public record ConnectionSettings(
    String url,
    String user,
    @Nullable String password,
    @Nullable Path ca,
    Duration connectTimeout) {

  public ConnectionSettings {
    if (!connectTimeout.isPositive()) {
      throw new IllegalArgumentException("a time to connect is more than 0");
    }
  }

  /** With 10 seconds to connect. */
  public ConnectionSettings(String url, String user, @Nullable String password, @Nullable Path ca) {
    this(url, user, password, ca, Duration.ofSeconds(10));
  }

  /** Without a CA, and with 10 seconds to connect. */
  public ConnectionSettings(String url, String user, @Nullable String password) {
    this(url, user, password, null);
  }

  @Override
  public String toString() {
    return user + " at " + JdbcUrl.describe(url);
  }
}
