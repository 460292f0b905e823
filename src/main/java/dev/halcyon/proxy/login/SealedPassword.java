package dev.halcyon.proxy.login;

import dev.halcyon.proxy.tls.ProxyKey;
import dev.halcyon.proxy.wire.Bytes;
import dev.halcyon.proxy.wire.MalformedPacketException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Cipher;

/** A password that a client has sealed with the proxy's public key, on a connection without TLS. */
final class SealedPassword {
  private static final int LINE = 64;

  private SealedPassword() {}

  /** What a client is sent to seal with. */
  static Bytes publicKey(ProxyKey key) {
    var encoder = Base64.getMimeEncoder(LINE, new byte[] {'\n'});
    String text =
        "-----BEGIN PUBLIC KEY-----\n"
            + encoder.encodeToString(key.keys().getPublic().getEncoded())
            + "\n-----END PUBLIC KEY-----\n";
    return Bytes.of(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Takes a millisecond of computing. */
  static Secret open(ProxyKey key, Bytes sealed, Bytes nonce) {
    try {
      var cipher = Cipher.getInstance(PublicKeyProof.CIPHER);
      cipher.init(Cipher.DECRYPT_MODE, key.keys().getPrivate());
      return Secret.sent(AuthPlugin.xor(cipher.doFinal(sealed.toArray()), nonce.toArray()));
    } catch (GeneralSecurityException failure) {
      var malformed = new MalformedPacketException("The password is not sealed by the proxy's key");
      malformed.initCause(failure);
      throw malformed;
    }
  }
}
