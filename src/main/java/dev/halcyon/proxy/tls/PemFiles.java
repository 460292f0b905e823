package dev.halcyon.proxy.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Certificates and keys as files of text. What is wrong with one is an IllegalArgumentException.
 */
final class PemFiles {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN ([A-Z ]*)PRIVATE KEY-----([^-]*)-----END");

  private PemFiles() {}

  static List<X509Certificate> certificates(Path file) {
    try (InputStream content = Files.newInputStream(file)) {
      var all =
          CertificateFactory.getInstance("X.509").generateCertificates(content).stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (all.isEmpty()) {
        throw new IllegalArgumentException(file + " holds no certificate");
      }
      return all;
    } catch (IOException failure) {
      throw new IllegalArgumentException(file + " cannot be read", failure);
    } catch (GeneralSecurityException failure) {
      throw new IllegalArgumentException(file + " holds no certificate in PEM", failure);
    }
  }

  /** The private key that belongs to the certificate. */
  static PrivateKey key(Path file, PublicKey belongsTo) {
    var found = KEY.matcher(text(file));
    if (!found.find()) {
      throw new IllegalArgumentException(file + " holds no private key in PEM");
    }
    String algorithm = belongsTo.getAlgorithm();
    try {
      byte[] content = Base64.getMimeDecoder().decode(found.group(2));
      byte[] standard =
          switch (found.group(1).strip().toUpperCase(Locale.ROOT)) {
            case "" -> content;
            case "RSA" -> wrapped(content);
            default ->
                throw new IllegalArgumentException(
                    file
                        + " holds a key of another form; `openssl pkcs8 -topk8 -nocrypt` makes it one"
                        + " that is taken");
          };
      var key =
          KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(standard));
      if (!belong(key, belongsTo)) {
        throw new IllegalArgumentException("The key of " + file + " is not the certificate's");
      }
      return key;
    } catch (GeneralSecurityException failure) {
      throw new IllegalArgumentException(file + " holds no private " + algorithm + " key", failure);
    }
  }

  /** Older tools, and MySQL itself, write the bare key without saying what kind it is. */
  private static byte[] wrapped(byte[] bare) {
    return Der.sequence(
        Der.integer(0),
        Der.sequence(Der.name("1.2.840.113549.1.1.1"), Der.nothing()),
        Der.octets(bare));
  }

  private static boolean belong(PrivateKey key, PublicKey other) throws GeneralSecurityException {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> key.getAlgorithm();
        };
    byte[] sample = {1, 2, 3};
    var signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(sample);
    byte[] signed = signature.sign();
    signature.initVerify(other);
    signature.update(sample);
    return signature.verify(signed);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException failure) {
      throw new IllegalArgumentException(file + " cannot be read", failure);
    }
  }
}
