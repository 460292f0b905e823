package dev.halcyon.proxy.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Both ends of the proxy's TLS, by the JDK's engine. Thread-safe. */
public final class TlsEnds {
  private final @Nullable Shown towardsClients;
  private final @Nullable SslContext towardsServers;
  private final boolean required;
  private final Executor workers;

  private record Shown(SslContext context, X509Certificate certificate) {}

  private TlsEnds(
      @Nullable Shown towardsClients,
      @Nullable SslContext towardsServers,
      boolean required,
      Executor workers) {
    this.towardsClients = towardsClients;
    this.towardsServers = towardsServers;
    this.required = required;
    this.workers = workers;
  }

  /**
   * @param key is asked for only if the proxy makes its own certificate
   * @param workers do what takes long in a handshake, so that the event loop need not
   * @throws IllegalArgumentException if a file is not what it should be
   */
  public static TlsEnds of(TlsSettings settings, Supplier<ProxyKey> key, Executor workers) {
    try {
      return new TlsEnds(
          towardsClients(settings.identity(), key),
          towardsServers(settings.trust()),
          settings.trust() instanceof TlsSettings.Trust.SignedBy,
          workers);
    } catch (SSLException failure) {
      throw new IllegalArgumentException("TLS cannot be set up: " + failure.getMessage(), failure);
    }
  }

  /** Whether clients are offered TLS. */
  public boolean offered() {
    return towardsClients != null;
  }

  /** For one client's connection; empty if it is not offered. */
  public Optional<SslHandler> towardsClient(ByteBufAllocator buffers) {
    return towardsClients == null
        ? Optional.empty()
        : Optional.of(towardsClients.context().newHandler(buffers, workers));
  }

  /** The SHA-256 of the certificate that clients are shown; empty if none is. */
  public Optional<byte[]> fingerprint() {
    if (towardsClients == null) {
      return Optional.empty();
    }
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return Optional.of(digest.digest(towardsClients.certificate().getEncoded()));
    } catch (GeneralSecurityException failure) {
      throw new IllegalStateException("The certificate was read from its encoding", failure);
    }
  }

  public ServerEnd towards(InetSocketAddress server) {
    return new ServerEnd(towardsServers, required, server, workers);
  }

  private static @Nullable Shown towardsClients(
      TlsSettings.Identity identity, Supplier<ProxyKey> key) throws SSLException {
    return switch (identity) {
      case TlsSettings.Identity.None() -> null;
      case TlsSettings.Identity.SelfMade() -> {
        var own = key.get();
        yield shown(own.keys().getPrivate(), own.certificate(Instant.now()));
      }
      case TlsSettings.Identity.Files(var certificateFile, var keyFile) -> {
        var chain = PemFiles.certificates(certificateFile).toArray(X509Certificate[]::new);
        yield shown(PemFiles.key(keyFile, chain[0].getPublicKey()), chain);
      }
    };
  }

  private static Shown shown(PrivateKey key, X509Certificate... chain) throws SSLException {
    var context = SslContextBuilder.forServer(key, chain).sslProvider(SslProvider.JDK).build();
    return new Shown(context, chain[0]);
  }

  private static @Nullable SslContext towardsServers(TlsSettings.Trust trust) throws SSLException {
    return switch (trust) {
      case TlsSettings.Trust.Plain() -> null;
      case TlsSettings.Trust.Anyone() ->
          SslContextBuilder.forClient()
              .sslProvider(SslProvider.JDK)
              .trustManager(InsecureTrustManagerFactory.INSTANCE)
              .endpointIdentificationAlgorithm(null)
              .build();
      case TlsSettings.Trust.SignedBy(var authority) ->
          SslContextBuilder.forClient()
              .sslProvider(SslProvider.JDK)
              .trustManager(PemFiles.certificates(authority).toArray(X509Certificate[]::new))
              .endpointIdentificationAlgorithm("HTTPS")
              .build();
    };
  }
}
