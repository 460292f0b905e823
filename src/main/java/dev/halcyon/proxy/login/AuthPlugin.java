package dev.halcyon.proxy.login;

import dev.halcyon.proxy.wire.Bytes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** How a password is proved without being sent. Each proof holds for one nonce. */
enum AuthPlugin {
  /** {@code SHA1(password) XOR SHA1(nonce + SHA1(SHA1(password)))}. */
  NATIVE("mysql_native_password", "SHA-1") {
    @Override
    byte[] prove(byte[] password, byte[] nonce) {
      byte[] once = digest(password);
      return xor(once, digest(nonce, digest(once)));
    }
  },
  /** {@code SHA256(password) XOR SHA256(SHA256(SHA256(password)) + nonce)}. */
  CACHING_SHA2("caching_sha2_password", "SHA-256") {
    @Override
    byte[] prove(byte[] password, byte[] nonce) {
      byte[] once = digest(password);
      return xor(once, digest(digest(once), nonce));
    }
  };

  private final String wireName;
  private final String algorithm;

  AuthPlugin(String wireName, String algorithm) {
    this.wireName = wireName;
    this.algorithm = algorithm;
  }

  static Optional<AuthPlugin> named(String name) {
    return Arrays.stream(values()).filter(plugin -> plugin.wireName.equals(name)).findFirst();
  }

  String wireName() {
    return wireName;
  }

  /** The proof of a secret; for an empty one it is empty. */
  Bytes proof(Secret secret, Bytes nonce) {
    return secret.isEmpty() ? Bytes.NONE : Bytes.of(prove(secret.bytes(), nonce.toArray()));
  }

  /** Takes as long for a wrong proof as for a right one. */
  boolean proves(Bytes given, Secret secret, Bytes nonce) {
    return MessageDigest.isEqual(given.toArray(), proof(secret, nonce).toArray());
  }

  /** A text that only somebody can make who knows the secret, of both the nonce and the bytes. */
  String vouch(Secret secret, Bytes nonce, byte[] bytes) {
    byte[] twice = digest(digest(secret.bytes()));
    byte[] text = CACHING_SHA2.digest(twice, nonce.toArray(), bytes);
    return "\u0001" + HexFormat.of().withUpperCase().formatHex(text);
  }

  abstract byte[] prove(byte[] password, byte[] nonce);

  byte[] digest(byte[]... parts) {
    try {
      var digest = MessageDigest.getInstance(algorithm);
      for (byte[] part : parts) {
        digest.update(part);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException failure) {
      throw new IllegalStateException("Every JDK has " + algorithm, failure);
    }
  }

  static byte[] xor(byte[] text, byte[] key) {
    var mixed = new byte[text.length];
    for (int i = 0; i < text.length; i++) {
      mixed[i] = (byte) (text[i] ^ key[i % key.length]);
    }
    return mixed;
  }
}
