package dev.halcyon.mysql;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Refusal;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** Says why the first connection was not made, and what to do. */
final class ConnectRefusals {
  private ConnectRefusals() {}

  static Refusal of(SQLException failure, ConnectionSettings settings, JdbcUrl url) {
    var fault = Faults.connecting(failure, "(connect)");
    var code = code(fault, failure);
    var message = action(code, settings, url) + ": " + fault.detail();
    var refusal = code.refuse(message, remedy(code, failure, settings, url));
    refusal.initCause(fault);
    return refusal;
  }

  private static ErrorCode code(Fault fault, SQLException failure) {
    return switch (fault.code()) {
      // 1130: host; 1698: socket log-in only; 1820, 1862: expired; 3118, 4151: locked;
      // 1251, 1524, 1045: a way to log in that client or server do not share.
      case 1045, 1130, 1251, 1524, 1698, 1820, 1862, 3118, 3955, 4151 -> ErrorCode.ACCESS_DENIED;
      case 1044, 1049 -> ErrorCode.SCHEMA_MISSING;
      case 3159 -> ErrorCode.TLS_FAILED;
      default -> tls(failure) ? ErrorCode.TLS_FAILED : ErrorCode.UNREACHABLE;
    };
  }

  private static boolean tls(SQLException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      var text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
      if (cause instanceof SSLException
          || cause instanceof GeneralSecurityException
          || text.contains("ssl ")
          || text.contains("sslmode")
          || text.contains("certificate")) {
        return true;
      }
    }
    return false;
  }

  private static String action(ErrorCode code, ConnectionSettings settings, JdbcUrl url) {
    var server = url.host() + ":" + url.port();
    return switch (code) {
      case ACCESS_DENIED -> "log in to " + server + " as " + settings.user();
      case SCHEMA_MISSING ->
          "use schema " + url.schema() + " on " + server + " as " + settings.user();
      case TLS_FAILED -> "secure the connection to " + server;
      default -> "connect to " + server;
    };
  }

  private static String remedy(
      ErrorCode code, SQLException failure, ConnectionSettings settings, JdbcUrl url) {
    return switch (code) {
      case ACCESS_DENIED ->
          "Check HALCYON_USER and HALCYON_PASSWORD, and from which hosts the account may log in.";
      case SCHEMA_MISSING ->
          "Check the schema's name in the url, or let an administrator run: GRANT ALL PRIVILEGES ON "
              + "`"
              + url.schema()
              + "`.* TO '"
              + settings.user()
              + "'@'%'";
      case TLS_FAILED ->
          settings.ca() == null
              ? "Give the server's certificate authority in the settings, or sslMode in the url."
              : "Check that "
                  + settings.ca()
                  + " is the server's authority and that its certificate names "
                  + url.host()
                  + "; ?sslMode=verify-ca in the url checks the authority only.";
      default ->
          unknownHost(failure)
              ? "Check the host name " + url.host() + " in the url."
              : "Check that the server runs and that its port can be reached from here.";
    };
  }

  private static boolean unknownHost(SQLException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnknownHostException) {
        return true;
      }
    }
    return false;
  }
}
