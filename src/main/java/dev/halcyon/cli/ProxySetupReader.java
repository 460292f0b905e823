package dev.halcyon.cli;

import dev.halcyon.proxy.ProxySettings;
import dev.halcyon.proxy.tls.TlsSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Puts the settings of a proxy together, or those of a command that speaks to one. */
final class ProxySetupReader {
  private static final int MOST_THREADS = 256;
  private static final Pattern ADDRESS =
      Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^:\\[\\]/\\s]+)(?::(\\d{1,5}))?");

  private static final int SERVER_PORT = 3306;
  private static final InetSocketAddress NOWHERE = InetSocketAddress.createUnresolved("none", 0);

  private final Layers layers;

  private ProxySetupReader(Layers layers) {
    this.layers = layers;
  }

  /**
   * @throws dev.halcyon.model.Refusal HAL-101 with every problem
   */
  static ProxySetup setup(Layers layers) {
    return new ProxySetupReader(layers).setup();
  }

  /**
   * @throws dev.halcyon.model.Refusal HAL-101 with every problem
   */
  static ProxyAccess access(Layers layers) {
    var reader = new ProxySetupReader(layers);
    var access =
        new ProxyAccess(
            reader.control(),
            reader.tokenFile(),
            reader.lease(),
            layers.duration(Setting.PROXY_GRACE, Duration.ZERO),
            reader.policy());
    layers.throwIfProblems();
    return access;
  }

  /**
   * Several proxies by their names; none if they are not given. Problems are reported.
   *
   * @param one what they have in common
   */
  static Map<String, ProxyAccess> accesses(Layers layers, ProxyAccess one) {
    var reader = new ProxySetupReader(layers);
    var tokens = layers.table(Setting.PAIR_PROXY_TOKENS);
    var all = new LinkedHashMap<String, ProxyAccess>();
    layers
        .table(Setting.PAIR_PROXIES)
        .forEach(
            (name, text) -> {
              var token = tokens.remove(name);
              all.put(
                  name,
                  new ProxyAccess(
                      reader.local(
                          Setting.PAIR_PROXIES, reader.address(Setting.PAIR_PROXIES, text, -1)),
                      token == null
                          ? one.tokenFile()
                          : layers.resolve(Setting.PAIR_PROXY_TOKENS, token),
                      one.lease(),
                      one.grace(),
                      one.policy()));
            });
    tokens
        .keySet()
        .forEach(
            name ->
                layers.report(
                    layers.origin(Setting.PAIR_PROXY_TOKENS)
                        + ": "
                        + name
                        + " is none of "
                        + Setting.PAIR_PROXIES.key()
                        + ".",
                    ""));
    layers.throwIfProblems();
    return all;
  }

  private ProxySetup setup() {
    layers.required(Setting.PROXY_SERVERS);
    layers.required(Setting.PROXY_ACCOUNTS);
    var servers = servers();
    var passwords = passwords();
    var setup =
        new ProxySetup(
            address(Setting.PROXY_LISTEN),
            servers,
            known(Setting.PROXY_FIRST, servers),
            passwords,
            learns(),
            new TlsSettings(identity(), trust()),
            threads(),
            monitor(passwords),
            control(),
            tokenFile(),
            lease(),
            layers.duration(Setting.PROXY_LONGEST_HOLD, Duration.ofSeconds(1)),
            layers.duration(Setting.PROXY_DRAIN, Duration.ZERO),
            layers.duration(Setting.PROXY_HAND_OVER, Duration.ZERO));
    layers.throwIfProblems();
    return setup;
  }

  private int threads() {
    return layers.given(Setting.PROXY_THREADS).isEmpty()
        ? ProxySettings.byItself()
        : (int) layers.count(Setting.PROXY_THREADS, 1, MOST_THREADS);
  }

  private Map<String, InetSocketAddress> servers() {
    var servers = new LinkedHashMap<String, InetSocketAddress>();
    layers
        .table(Setting.PROXY_SERVERS)
        .forEach(
            (name, text) -> servers.put(name, address(Setting.PROXY_SERVERS, text, SERVER_PORT)));
    return servers;
  }

  private Map<String, String> passwords() {
    var passwords = new LinkedHashMap<String, String>();
    layers
        .table(Setting.PROXY_ACCOUNTS)
        .forEach(
            (user, file) -> {
              Path path = layers.resolve(Setting.PROXY_ACCOUNTS, file);
              try {
                passwords.put(user, Files.readString(path).stripTrailing());
              } catch (IOException failure) {
                String origin = layers.origin(Setting.PROXY_ACCOUNTS);
                layers.report(origin + ": " + user + ": " + path + " cannot be read.", "");
              }
            });
    return passwords;
  }

  private boolean learns() {
    return layers.typed(
        Setting.PROXY_LEARN,
        text ->
            switch (text) {
              case "yes", "true" -> true;
              case "no", "false" -> false;
              default -> null;
            },
        "yes or no",
        false);
  }

  private TlsSettings.Identity identity() {
    var certificate = readable(Setting.PROXY_TLS_CERT);
    var key = readable(Setting.PROXY_TLS_KEY);
    if (certificate != null && key != null) {
      return new TlsSettings.Identity.Files(certificate, key);
    }
    if (certificate != null || key != null) {
      layers.report(
          "%s and %s belong together; one is missing."
              .formatted(Setting.PROXY_TLS_CERT.key(), Setting.PROXY_TLS_KEY.key()),
          "");
    }
    return new TlsSettings.Identity.SelfMade();
  }

  private TlsSettings.Trust trust() {
    var authority = readable(Setting.PROXY_TLS_CA);
    TlsSettings.Trust trust =
        layers.typed(
            Setting.PROXY_SERVER_TLS,
            text ->
                switch (text) {
                  case "off" -> new TlsSettings.Trust.Plain();
                  case "prefer" -> new TlsSettings.Trust.Anyone();
                  case "verify" ->
                      authority == null ? null : new TlsSettings.Trust.SignedBy(authority);
                  default -> null;
                },
            "off, prefer, or verify with a " + Setting.PROXY_TLS_CA.key(),
            new TlsSettings.Trust.Plain());
    return authority != null && layers.given(Setting.PROXY_SERVER_TLS).isEmpty()
        ? new TlsSettings.Trust.SignedBy(authority)
        : trust;
  }

  private @Nullable Path readable(Setting setting) {
    var file = layers.path(setting).orElse(null);
    if (file != null && !Files.isReadable(file)) {
      layers.report(layers.origin(setting) + ": " + file + " cannot be read.", "");
    }
    return file;
  }

  private String monitor(Map<String, String> passwords) {
    String named = known(Setting.PROXY_MONITOR, passwords);
    return named != null ? named : passwords.keySet().stream().findFirst().orElse("");
  }

  /** A name that must be one of a table's. */
  private @Nullable String known(Setting setting, Map<String, ?> names) {
    String name = layers.given(setting).orElse(null);
    if (name != null && !names.containsKey(name)) {
      layers.report(
          layers.origin(setting)
              + ": \""
              + name
              + "\" is none of "
              + String.join(", ", names.keySet())
              + Nearest.suggestion(name, names.keySet()),
          "");
    }
    return name;
  }

  /** Whoever reads the token on its way controls the traffic, so it never leaves the host. */
  private InetSocketAddress control() {
    return local(Setting.PROXY_CONTROL, address(Setting.PROXY_CONTROL));
  }

  private InetSocketAddress local(Setting setting, InetSocketAddress address) {
    if (!address.isUnresolved() && !address.getAddress().isLoopbackAddress()) {
      layers.report(
          layers.origin(setting) + ": " + address + " is not of this host alone.",
          "Give an address such as 127.0.0.1:6307.");
    }
    return address;
  }

  /** Beside the file that all commands find, so that all find the same one. */
  private Path tokenFile() {
    Path toml = layers.file();
    if (layers.given(Setting.PROXY_TOKEN_FILE).isEmpty() && toml != null) {
      return toml.resolveSibling(Setting.PROXY_TOKEN_FILE.preset().orElseThrow());
    }
    return layers.path(Setting.PROXY_TOKEN_FILE).orElse(layers.folder());
  }

  private Duration lease() {
    return layers.duration(Setting.PROXY_LEASE, Duration.ofMillis(100));
  }

  private ProxyAccess.Policy policy() {
    return layers.typed(
        Setting.PROXY_POLICY,
        text ->
            switch (text) {
              case "give-up" -> ProxyAccess.Policy.GIVE_UP;
              case "close-idle" -> ProxyAccess.Policy.CLOSE_IDLE;
              default -> null;
            },
        "give-up or close-idle",
        ProxyAccess.Policy.GIVE_UP);
  }

  private InetSocketAddress address(Setting setting) {
    return address(setting, layers.value(setting).orElse(""), -1);
  }

  /**
   * @param otherPort the port if none is given; negative if one must be
   */
  private InetSocketAddress address(Setting setting, String text, int otherPort) {
    var parts = ADDRESS.matcher(text);
    boolean formed = parts.matches() && (parts.group(2) != null || otherPort >= 0);
    int port = !formed || parts.group(2) == null ? otherPort : Integer.parseInt(parts.group(2));
    if (!formed || port > 65_535) {
      layers.report(layers.origin(setting) + ": \"" + text + "\" is not host:port.", "");
      return NOWHERE;
    }
    var address = new InetSocketAddress(parts.group(1).replaceAll("[\\[\\]]", ""), port);
    if (address.isUnresolved()) {
      layers.report(
          layers.origin(setting) + ": no address is known for " + address.getHostString() + ".",
          "");
    }
    return address;
  }
}
