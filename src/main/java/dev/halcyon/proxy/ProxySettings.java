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
 * @param threads that move bytes
 */
public record ProxySettings(
    InetSocketAddress listen,
    Map<String, InetSocketAddress> servers,
    String first,
    Accounts accounts,
    TlsSettings tls,
    boolean digests,
    int threads) {

  /** As many threads move bytes as there are processors, up to this. */
  private static final int MOST_BY_ITSELF = 16;

  public ProxySettings {
    if (threads < 1) {
      throw new IllegalArgumentException("A proxy with %d threads".formatted(threads));
    }
    servers = Collections.unmodifiableMap(new LinkedHashMap<>(servers));
    if (!servers.containsKey(first)) {
      throw new IllegalArgumentException("No server is named " + first);
    }
  }

  /** Statements are counted; a thread for each processor. */
  public ProxySettings(
      InetSocketAddress listen,
      Map<String, InetSocketAddress> servers,
      String first,
      Accounts accounts,
      TlsSettings tls) {
    this(listen, servers, first, accounts, tls, true, byItself());
  }

  /** Without TLS. Statements are counted; a thread for each processor. */
  public ProxySettings(
      InetSocketAddress listen,
      Map<String, InetSocketAddress> servers,
      String first,
      Accounts accounts) {
    this(listen, servers, first, accounts, TlsSettings.NONE);
  }

  /** As many threads as pay on this machine. */
  public static int byItself() {
    return Math.min(MOST_BY_ITSELF, Runtime.getRuntime().availableProcessors());
  }

  /** Where clients are led to at first. */
  public InetSocketAddress server() {
    return Objects.requireNonNull(servers.get(first));
  }
}
