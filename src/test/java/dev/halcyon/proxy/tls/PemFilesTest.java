package dev.halcyon.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPrivateCrtKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The proxy's own certificate is one; files are taken in the forms in which they are met. */
class PemFilesTest {
  private static final ProxyKey KEY = ProxyKey.generate();

  @Test
  void ownCertificateHolds() throws GeneralSecurityException {
    var now = Instant.parse("2049-12-31T23:59:59Z");
    var certificate = KEY.certificate(now);

    certificate.verify(KEY.keys().getPublic());
    certificate.checkValidity(Date.from(now.plus(Duration.ofDays(3000))));
    assertThat(certificate.getVersion()).isEqualTo(3);
    assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=Halcyon proxy");
    assertThat(certificate.getBasicConstraints()).isNotNegative();
    assertThat(certificate.getPublicKey()).isEqualTo(KEY.keys().getPublic());
  }

  @Test
  void keysAreTakenInBothForms(@TempDir Path folder) throws IOException {
    var key = (RSAPrivateCrtKey) KEY.keys().getPrivate();
    Path standard = write(folder, "PRIVATE KEY", key.getEncoded());
    assertThat(PemFiles.key(standard, KEY.keys().getPublic())).isEqualTo(key);
    byte[] bare =
        Der.sequence(
            Der.integer(0),
            Der.integer(key.getModulus()),
            Der.integer(key.getPublicExponent()),
            Der.integer(key.getPrivateExponent()),
            Der.integer(key.getPrimeP()),
            Der.integer(key.getPrimeQ()),
            Der.integer(key.getPrimeExponentP()),
            Der.integer(key.getPrimeExponentQ()),
            Der.integer(key.getCrtCoefficient()));
    Path old = write(folder, "RSA PRIVATE KEY", bare);
    assertThat(PemFiles.key(old, KEY.keys().getPublic())).isEqualTo(key);
  }

  @Test
  void ellipticKeyIsTaken(@TempDir Path folder) throws Exception {
    var keys = KeyPairGenerator.getInstance("EC").generateKeyPair();
    Path file = write(folder, "PRIVATE KEY", keys.getPrivate().getEncoded());
    assertThat(PemFiles.key(file, keys.getPublic())).isEqualTo(keys.getPrivate());
  }

  @Test
  void whatIsNoneIsNamed(@TempDir Path folder) throws IOException {
    var other = ProxyKey.generate().keys().getPublic();
    Path key = write(folder, "PRIVATE KEY", KEY.keys().getPrivate().getEncoded());
    assertThatThrownBy(() -> PemFiles.key(key, other)).hasMessageContaining("is not the cert");
    Path sealed = write(folder, "ENCRYPTED PRIVATE KEY", new byte[] {1});
    assertThatThrownBy(() -> PemFiles.key(sealed, other)).hasMessageContaining("openssl pkcs8");
    Path broken = write(folder, "PRIVATE KEY", BigInteger.TEN.toByteArray());
    assertThatThrownBy(() -> PemFiles.key(broken, other))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PemFiles.certificates(key))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(key.toString());
    assertThatThrownBy(() -> PemFiles.certificates(folder.resolve("none")))
        .hasMessageContaining("cannot be read");
  }

  private static Path write(Path folder, String label, byte[] content) throws IOException {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return Files.writeString(
        folder.resolve("file.pem"),
        "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, text, label));
  }
}
