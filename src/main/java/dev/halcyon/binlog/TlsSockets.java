package dev.halcyon.binlog;

import com.github.shyiko.mysql.binlog.network.SSLSocketFactory;
import dev.halcyon.mysql.ReplicationAccess;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Puts TLS over a connection, as strictly as the settings say; the same as for JDBC. */
record TlsSockets(ReplicationAccess access) implements SSLSocketFactory {

  @Override
  public SSLSocket createSocket(Socket socket) throws SocketException {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(null, trust(), null);
      var secured =
          (SSLSocket)
              context.getSocketFactory().createSocket(socket, access.host(), access.port(), true);
      if (access.tls() == ReplicationAccess.Tls.VERIFY_FULL) {
        var parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
      }
      return secured;
    } catch (GeneralSecurityException | IOException failure) {
      var told = new SocketException("TLS: " + failure.getMessage());
      told.initCause(failure);
      throw told;
    }
  }

  /** Null for the certificates that the JDK trusts. */
  private TrustManager @Nullable [] trust() throws GeneralSecurityException, IOException {
    return switch (access.tls()) {
      case DISABLE, PREFER, TRUST -> new TrustManager[] {new Unchecked()};
      case VERIFY_CA, VERIFY_FULL -> {
        var ca = access.ca();
        if (ca == null) {
          yield null;
        }
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (var pem = Files.newInputStream(ca)) {
          var number = 0;
          for (var certificate :
              CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
            store.setCertificateEntry("ca" + number++, certificate);
          }
        }
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        yield factory.getTrustManagers();
      }
    };
  }

  /** Encrypts without asking who is at the other end, which is what such a mode means. */
  private static final class Unchecked implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
