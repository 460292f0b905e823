package dev.halcyon.mysql;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Refusal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A url of one server and one schema, taken apart.
 *
 * @param host a name or an address, IPv6 in brackets
 * @param options as given, by the names as given
 */
record JdbcUrl(String host, int port, String schema, Map<String, String> options) {
  private static final Pattern FORM =
      Pattern.compile(
          "jdbc:(?:mysql|mariadb)://(\\[[0-9a-fA-F:.]+]|[^/?#,:@()\\[\\]]+)(?::(\\d{1,5}))?"
              + "(?:/([^/?#]*))?(?:\\?(.*))?",
          Pattern.CASE_INSENSITIVE);

  private static final int DEFAULT_PORT = 3306;

  JdbcUrl {
    options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
  }

  /**
   * @throws Refusal HAL-101 if it is not such a url. The url is not quoted: it may hold a password.
   */
  static JdbcUrl parse(String url) {
    var match = FORM.matcher(url.strip());
    if (!match.matches()) {
      throw invalid("The url does not name one MySQL or MariaDB server.");
    }
    var schema = match.group(3);
    if (schema == null || schema.isEmpty()) {
      throw invalid("The url names no schema.");
    }
    var port = match.group(2) == null ? DEFAULT_PORT : Integer.parseInt(match.group(2));
    if (port < 1 || port > 65_535) {
      throw invalid("The url's port is not between 1 and 65535.");
    }
    return new JdbcUrl(
        match.group(1), port, schema, options(match.group(4) == null ? "" : match.group(4)));
  }

  /** The url without its options, or nothing of a url that is not understood. */
  static String describe(String url) {
    return FORM.matcher(url.strip()).matches() ? url.strip().replaceFirst("\\?.*", "") : "(no url)";
  }

  /** {@code host:port/schema}. */
  String address() {
    return host + ":" + port + "/" + schema;
  }

  /** The value of an option, however its name is written, or empty text. */
  String option(String name) {
    return options.entrySet().stream()
        .filter(entry -> entry.getKey().equalsIgnoreCase(name))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("");
  }

  private static Map<String, String> options(String text) {
    var options = new LinkedHashMap<String, String>();
    for (var part : text.split("&", -1)) {
      if (part.isEmpty()) {
        continue;
      }
      var equals = part.indexOf('=');
      var name = equals < 0 ? part : part.substring(0, equals);
      var lower = name.toLowerCase(Locale.ROOT);
      if (lower.equals("user") || lower.equals("password")) {
        throw invalid("The url holds a user or a password.");
      }
      options.put(
          name,
          equals < 0
              ? "true"
              : URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8));
    }
    return options;
  }

  private static Refusal invalid(String message) {
    return ErrorCode.SETTINGS_INVALID.refuse(
        message,
        "Give a url like jdbc:mysql://host:3306/schema, the user in HALCYON_USER and the password"
            + " in HALCYON_PASSWORD.");
  }
}
