package dev.halcyon.cli;

import dev.halcyon.balancer.RuntimeSocket;
import dev.halcyon.deploy.Unreadable;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Refusal;
import dev.halcyon.model.Version;
import dev.halcyon.rollout.Release;
import dev.halcyon.rollout.Release.Balancing;
import dev.halcyon.rollout.Release.Party;
import dev.halcyon.rollout.Release.ReadyCheck;
import dev.halcyon.rollout.SmokeTest;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlMapper;

/** Reads a {@code release.toml}. Collects every problem, so that nobody mends them one by one. */
final class ReleaseFile {
  static final String NAME = "release.toml";

  private static final List<String> SHARES = List.of("5%", "25%", "100%");

  private final Path file;
  private final List<String> problems = new ArrayList<>();

  private ReleaseFile(Path file) {
    this.file = file;
  }

  /**
   * @throws Refusal HAL-801 with every problem
   */
  static Release read(Path file) {
    return new ReleaseFile(file.toAbsolutePath().normalize()).read();
  }

  private Release read() {
    var top = new TomlTable("", parse(), problems);
    var from = party(top.table("old"));
    var to = party(top.table("new"));
    var balancing = balancing(top);
    var traffic = traffic(top.table("traffic"));
    var checks = new ReleaseChecks(problems);
    var smoke = checks.smoke(top);
    var vigil = checks.vigil(top.table("watch"), traffic.pause(), counts(balancing));
    var release =
        new Release(
            folder(),
            top.texts("changes").stream().map(this::version).filter(Objects::nonNull).toList(),
            from,
            to,
            balancing,
            traffic,
            smoke,
            vigil,
            top.table("traffic").time("drain", Duration.ofSeconds(60)),
            top.flag("contract"));
    top.end();
    contradictions(release);
    if (!problems.isEmpty()) {
      throw refusal(problems);
    }
    return release;
  }

  private Path folder() {
    return Objects.requireNonNull(file.getParent(), "a file has a folder");
  }

  private JsonNode parse() {
    try {
      return new TomlMapper().readTree(Files.readString(file));
    } catch (JacksonException failure) {
      var at = failure.getLocation();
      throw refusal(
          List.of(
              (at == null ? "" : "line " + at.getLineNr() + ": ")
                  + "not TOML: "
                  + failure.getOriginalMessage()));
    } catch (IOException failure) {
      throw ErrorCode.RELEASE_INVALID.refuse(
          file + " cannot be read: " + Unreadable.reason(failure) + ".",
          "Write it as docs/commands/release.md shows, or name another: halcyon release --file <file>");
    }
  }

  private Refusal refusal(List<String> words) {
    return new Refusal(
        ExitStatus.SETTINGS,
        words.stream()
            .map(
                problem ->
                    Finding.error(
                        ErrorCode.RELEASE_INVALID.code(), null, file + ": " + problem + ".", ""))
            .toList());
  }

  private @Nullable Version version(String text) {
    try {
      return Version.parse(text);
    } catch (IllegalArgumentException malformed) {
      problems.add("changes: \"" + text + "\" is not a version such as V12");
      return null;
    }
  }

  private Party party(TomlTable table) {
    URI url = url(table, "url");
    var party =
        new Party(
            table.required("name"),
            table.texts("servers"),
            url,
            table.text("start"),
            table.text("stop"),
            ready(table, url));
    table.end();
    return party;
  }

  private static @Nullable ReadyCheck ready(TomlTable table, @Nullable URI url) {
    String path = table.text("ready");
    String command = table.text("ready-command");
    Duration within = table.time("ready-within", Duration.ofSeconds(60));
    if (path != null && command != null) {
      table.report("ready", "and ready-command are two answers to one question");
    }
    if (command != null) {
      return new ReadyCheck(new ReadyCheck.Command(command), within);
    }
    if (path == null) {
      return null;
    }
    if (!path.startsWith("/")) {
      table.report("ready", "= \"" + path + "\" is not a path such as /health");
      return null;
    }
    if (url == null) {
      table.report("url", "is not set, and ready is a path of it");
      return null;
    }
    return new ReadyCheck(new ReadyCheck.Url(url.resolve(path)), within);
  }

  private Balancing balancing(TomlTable top) {
    boolean haproxy = top.has("haproxy");
    boolean commands = top.has("commands");
    if (haproxy == commands) {
      problems.add("[haproxy] or [commands]: exactly one of them says how traffic is moved");
    }
    if (commands) {
      TomlTable table = top.table("commands");
      var found =
          new Release.Commands(
              table.required("share"), table.text("sessions"), table.text("counters"));
      table.end();
      return found;
    }
    TomlTable table = top.table("haproxy");
    if (!haproxy) {
      return new Release.HaProxyAccess("", "");
    }
    var found =
        new Release.HaProxyAccess(
            socket(table, table.required("socket")), table.required("backend"));
    table.end();
    return found;
  }

  private String socket(TomlTable table, String text) {
    if (!RuntimeSocket.isAddress(text)) {
      return text.isEmpty() ? text : folder().resolve(text).normalize().toString();
    }
    if (!RuntimeSocket.isLocalAddress(text)) {
      table.report("socket", "= \"" + text + "\" is neither a path nor an address of this host");
    }
    return text;
  }

  private static boolean counts(Balancing balancing) {
    return switch (balancing) {
      case Release.HaProxyAccess _ -> true;
      case Release.Commands commands -> commands.counters() != null;
    };
  }

  private Release.Traffic traffic(TomlTable table) {
    var shares = new ArrayList<Integer>();
    for (String text : table.has("steps") ? table.texts("steps") : SHARES) {
      BigDecimal percent = TomlTable.percent(text);
      if (percent == null || percent.signum() == 0 || percent.stripTrailingZeros().scale() > 0) {
        table.report("steps", "has \"" + text + "\", which is not one of 1% to 100%");
      } else {
        shares.add(percent.intValueExact());
      }
    }
    for (int i = 1; i < shares.size(); i++) {
      if (shares.get(i) <= shares.get(i - 1)) {
        table.report(
            "steps", "do not rise: " + shares.get(i) + "% comes after " + shares.get(i - 1) + "%");
      }
    }
    if (shares.isEmpty() || shares.getLast() != 100) {
      table.report("steps", "do not end with 100%");
    }
    var traffic =
        new Release.Traffic(shares, table.time("pause", Duration.ofSeconds(30)), url(table, "url"));
    var _ = table.has("drain"); // read with the whole
    table.end();
    return traffic;
  }

  private static @Nullable URI url(TomlTable table, String key) {
    return table.parsed(key, ReleaseFile::url, "a url such as http://127.0.0.1:8002");
  }

  private static @Nullable URI url(String text) {
    try {
      var url = new URI(text);
      String scheme = url.getScheme();
      return url.getHost() != null && ("http".equals(scheme) || "https".equals(scheme))
          ? url
          : null;
    } catch (URISyntaxException malformed) {
      return null;
    }
  }

  /** What each part says may be right, and not the whole. */
  private void contradictions(Release release) {
    if (!release.from().name().isEmpty() && release.from().name().equals(release.to().name())) {
      problems.add("old.name and new.name are the same: " + release.to().name());
    }
    boolean requests = release.smoke().stream().anyMatch(SmokeTest.Http.class::isInstance);
    if (requests && release.to().url() == null) {
      problems.add("new.url is not set, and the smoke tests ask the new version there");
    }
    if (release.balancing() instanceof Release.HaProxyAccess) {
      servers("old", release.from());
      servers("new", release.to());
      release.to().servers().stream()
          .filter(release.from().servers()::contains)
          .forEach(name -> problems.add("server " + name + " is of both versions"));
    }
  }

  private void servers(String side, Party party) {
    if (party.servers().isEmpty()) {
      problems.add(side + ".servers is not set: their names in HAProxy's backend");
    }
    if (new HashSet<>(party.servers()).size() < party.servers().size()) {
      problems.add(side + ".servers names one twice");
    }
    party.servers().stream()
        .filter(name -> !name.matches("[\\w.:-]+"))
        .forEach(name -> problems.add(side + ".servers: \"" + name + "\" is no name of a server"));
  }
}
