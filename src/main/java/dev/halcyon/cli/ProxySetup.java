package dev.halcyon.cli;

import dev.halcyon.mysql.ConnectionSettings;
import dev.halcyon.proxy.ProxySettings;
import dev.halcyon.proxy.login.Accounts;
import dev.halcyon.proxy.login.Secret;
import dev.halcyon.proxy.tls.TlsSettings;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a proxy is to run. Its text never shows a password.
 *
 * @param servers by name, in order
 * @param first the name of a server, or null
 * @param passwords by user, in order
 * @param learns whether others may log in, too
 * @param monitor one of the users
 * @param control on this host
 * @param drain at the end
 * @param handOver how long an old process lives on beside a new one
 */
record ProxySetup(
    InetSocketAddress listen,
    Map<String, InetSocketAddress> servers,
    @Nullable String first,
    Map<String, String> passwords,
    boolean learns,
    TlsSettings tls,
    int threads,
    String monitor,
    InetSocketAddress control,
    Path tokenFile,
    Duration lease,
    Duration longestHold,
    Duration drain,
    Duration handOver) {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

  ProxySetup {
    servers = Collections.unmodifiableMap(new LinkedHashMap<>(servers));
    passwords = Collections.unmodifiableMap(new LinkedHashMap<>(passwords));
  }

  /** The settings of the proxy itself. */
  ProxySettings settings(String firstServer) {
    Map<String, Secret> secrets =
        passwords.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, one -> Secret.of(one.getValue())));
    var accounts = new Accounts(secrets, learns);
    return new ProxySettings(listen, servers, firstServer, accounts, tls, true, threads);
  }

  /** For looking at the servers, each by its name. */
  Map<String, ConnectionSettings> monitoring() {
    var all = new LinkedHashMap<String, ConnectionSettings>();
    servers.forEach(
        (name, address) ->
            all.put(
                name,
                new ConnectionSettings(
                    "jdbc:mariadb://%s/information_schema".formatted(text(address)),
                    monitor,
                    Objects.requireNonNull(passwords.get(monitor)),
                    authority(),
                    CONNECT_TIMEOUT)));
    return all;
  }

  private @Nullable Path authority() {
    return switch (tls.trust()) {
      case TlsSettings.Trust.SignedBy(Path file) -> file;
      case TlsSettings.Trust.Plain(), TlsSettings.Trust.Anyone() -> null;
    };
  }

  /** {@code host:port}. */
  static String text(InetSocketAddress address) {
    String host = address.getHostString();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
  }

  @Override
  public String toString() {
    return "proxy at " + text(listen) + " for " + servers.keySet();
  }
}
