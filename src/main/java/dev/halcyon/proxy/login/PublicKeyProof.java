package dev.halcyon.proxy.login;

import dev.halcyon.proxy.wire.Bytes;
import dev.halcyon.proxy.wire.MalformedPacketException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;

/** The password for a server that has not seen it since its start, readable by its key only. */
final class PublicKeyProof {
  static final String CIPHER = "RSA/ECB/OAEPWithSHA-1AndMGF1Padding";

  private PublicKeyProof() {}

  /**
   * @param pem the server's RSA key, as it sends it
   */
  static Bytes of(Secret secret, Bytes nonce, Bytes pem) {
    String base64 =
        new String(pem.toArray(), StandardCharsets.US_ASCII)
            .replaceAll("-----[A-Z ]+-----", "")
            .replaceAll("\\s", "");
    try {
      var specification = new X509EncodedKeySpec(Base64.getDecoder().decode(base64));
      var cipher = Cipher.getInstance(CIPHER);
      cipher.init(Cipher.ENCRYPT_MODE, KeyFactory.getInstance("RSA").generatePublic(specification));
      byte[] password = secret.bytes();
      byte[] zeroEnded = Arrays.copyOf(password, password.length + 1);
      return Bytes.of(cipher.doFinal(AuthPlugin.xor(zeroEnded, nonce.toArray())));
    } catch (GeneralSecurityException | IllegalArgumentException failure) {
      var malformed = new MalformedPacketException("The server's key is none that RSA can use");
      malformed.initCause(failure);
      throw malformed;
    }
  }
}
