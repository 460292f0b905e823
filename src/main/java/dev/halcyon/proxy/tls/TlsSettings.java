package dev.halcyon.proxy.tls;

import java.nio.file.Path;

/**
 * How the proxy speaks TLS.
 *
 * @param identity what it shows to clients
 * @param trust which servers it believes
 */
public record TlsSettings(Identity identity, Trust trust) {
  /** No TLS on either side. */
  public static final TlsSettings NONE = new TlsSettings(new Identity.None(), new Trust.Plain());

  /** What clients are shown. */
  public sealed interface Identity {
    /** They are not offered TLS. */
    record None() implements Identity {}

    /** A certificate that the proxy makes at its start and signs itself. */
    record SelfMade() implements Identity {}

    /**
     * Files in PEM.
     *
     * @param certificate the proxy's own first, then those between it and its authority
     * @param key the private key, without a password
     */
    record Files(Path certificate, Path key) implements Identity {}
  }

  /** Whether a server must prove who it is. */
  public sealed interface Trust {
    /** Servers are spoken to without TLS. */
    record Plain() implements Trust {}

    /** With TLS if the server offers it; its certificate is not checked. */
    record Anyone() implements Trust {}

    /**
     * With TLS always; the certificate must come from the authority and name the host.
     *
     * @param authority one or more certificates in PEM
     */
    record SignedBy(Path authority) implements Trust {}
  }
}
