package dev.halcyon.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * A self-signed certificate for 127.0.0.1 and localhost, made once by the JDK's keytool. MariaDB
 * makes up one of its own at every start, which takes seconds, and MySQL's names no host.
 */
record Certificate(Path certificate, Path key) {
  private static final String SECRET = "changeit";

  static Certificate cached() {
    var folder = Folders.cached("tls-1", Certificate::generate);
    return new Certificate(folder.resolve("certificate.pem"), folder.resolve("key.pem"));
  }

  private static void generate(Path folder) throws IOException {
    var store = folder.resolve("store.p12");
    Programs.run(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            "server",
            "-keyalg",
            "RSA",
            "-keysize",
            "2048",
            "-validity",
            "3650",
            "-dname",
            "CN=localhost",
            "-ext",
            "san=ip:127.0.0.1,dns:localhost",
            "-ext",
            "bc:critical=ca:true",
            "-storetype",
            "PKCS12",
            "-keystore",
            store.toString(),
            "-storepass",
            SECRET),
        Map.of(),
        folder,
        "");
    try (InputStream content = Files.newInputStream(store)) {
      var keys = KeyStore.getInstance("PKCS12");
      keys.load(content, SECRET.toCharArray());
      var certificate = keys.getCertificate("server");
      Key key = keys.getKey("server", SECRET.toCharArray());
      write(folder.resolve("certificate.pem"), "CERTIFICATE", certificate.getEncoded());
      write(folder.resolve("key.pem"), "PRIVATE KEY", key.getEncoded());
    } catch (GeneralSecurityException failure) {
      throw new IOException("Cannot read the certificate that keytool made", failure);
    }
    Files.delete(store);
  }

  private static void write(Path file, String label, byte[] content) throws IOException {
    var encoder = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
    Files.writeString(
        file,
        "-----BEGIN "
            + label
            + "-----\n"
            + encoder.encodeToString(content)
            + "\n-----END "
            + label
            + "-----\n");
  }
}
