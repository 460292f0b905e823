package dev.halcyon.proxy.tls;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/** An RSA key that lives as long as the proxy: for its certificate, and for passwords. */
public final class ProxyKey {
  private static final int BITS = 2048;
  private static final String NAME = "Halcyon proxy";
  private static final Duration BEFORE = Duration.ofDays(1);
  private static final Duration VALID = Duration.ofDays(3650);

  private final KeyPair keys;

  private ProxyKey(KeyPair keys) {
    this.keys = keys;
  }

  /** Takes a tenth of a second or more. */
  public static ProxyKey generate() {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(BITS);
      return new ProxyKey(generator.generateKeyPair());
    } catch (GeneralSecurityException failure) {
      throw new IllegalStateException("Every JDK makes RSA keys", failure);
    }
  }

  public KeyPair keys() {
    return keys;
  }

  /**
   * A certificate for the key, signed by it.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc5280">RFC 5280</a>
   */
  X509Certificate certificate(Instant now) {
    byte[] algorithm = Der.sequence(Der.name("1.2.840.113549.1.1.11"), Der.nothing());
    byte[] name = Der.sequence(Der.set(Der.sequence(Der.name("2.5.4.3"), Der.text(NAME))));
    byte[] content =
        Der.sequence(
            Der.tagged(0, Der.integer(2)), // version 3
            Der.integer(new BigInteger(120, new SecureRandom()).setBit(119)),
            algorithm,
            name,
            Der.sequence(Der.time(now.minus(BEFORE)), Der.time(now.plus(VALID))),
            name,
            keys.getPublic().getEncoded(),
            Der.tagged(3, Der.sequence(authority())));
    try {
      var signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(keys.getPrivate());
      signature.update(content);
      byte[] whole = Der.sequence(content, algorithm, Der.bits(signature.sign()));
      var certificates = CertificateFactory.getInstance("X.509");
      return (X509Certificate) certificates.generateCertificate(new ByteArrayInputStream(whole));
    } catch (GeneralSecurityException failure) {
      throw new IllegalStateException("The JDK does not take its own signature", failure);
    }
  }

  /** Basic constraints: clients that check take a certificate that signs itself as an authority. */
  private static byte[] authority() {
    return Der.sequence(Der.name("2.5.29.19"), Der.yes(), Der.octets(Der.sequence(Der.yes())));
  }
}
