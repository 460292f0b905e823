package dev.halcyon.proxy;

import dev.halcyon.proxy.login.Accounts;
import dev.halcyon.proxy.tls.TlsSettings;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Where clients come in, and where they are led to.
 *
 * @param listen port 0 for any free one
 * @param servers by the names that they have for a switchover, in order
 * @param first the name of the one that clients are led to at first
 * @param digests whether statements are counted by their digests
 */
public record ProxySettings(
    InetSocketAddress listen,
    Map<String, InetSocketAddress> servers,
    String first,
    Accounts accounts,
    TlsSettings tls,
    boolean digests) {

  public ProxySettings {
    servers = Collections.unmodifiableMap(new LinkedHashMap<>(servers));
    if (!servers.containsKey(first)) {
      throw new IllegalArgumentException("No server is named " + first);
    }
  }

  /** Statements are counted. */
  public ProxySettings(
      InetSocketAddress listen,
      Map<String, InetSocketAddress> servers,
      String first,
      Accounts accounts,
      TlsSettings tls) {
    this(listen, servers, first, accounts, tls, true);
  }

  /** Without TLS. Statements are counted. */
  public ProxySettings(
      InetSocketAddress listen,
      Map<String, InetSocketAddress> servers,
      String first,
      Accounts accounts) {
    this(listen, servers, first, accounts, TlsSettings.NONE, true);
  }

  /** Where clients are led to at first. */
  public InetSocketAddress server() {
    return Objects.requireNonNull(servers.get(first));
  }
}
