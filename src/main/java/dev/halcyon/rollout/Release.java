package dev.halcyon.rollout;

import dev.halcyon.model.Version;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code release.toml} says.
 *
 * @param folder of the file; commands run in it
 * @param changes that the new version needs; none means all that are pending
 * @param from the version that has the traffic, {@code to} the one that shall have it
 * @param contract whether the old shape is dropped at the end of the same run
 */
public record Release(
    Path folder,
    List<Version> changes,
    Party from,
    Party to,
    Balancing balancing,
    Traffic traffic,
    List<SmokeTest> smoke,
    Vigil vigil,
    Duration drain,
    boolean contract) {
  public Release {
    changes = List.copyOf(changes);
    smoke = List.copyOf(smoke);
  }

  /** What the file says, wherever it lies: the same text for the same release. */
  String definition() {
    return new Release(
            Path.of(""), changes, from, to, balancing, traffic, smoke, vigil, drain, contract)
        .toString();
  }

  /**
   * One version of the application.
   *
   * @param servers their names in the balancer; none where commands stand in for one
   * @param url where it answers by itself, without the balancer
   * @param start the command that starts it; without one it runs already
   * @param stop the command that ends it; without one it goes on, without traffic
   */
  public record Party(
      String name,
      List<String> servers,
      @Nullable URI url,
      @Nullable String start,
      @Nullable String stop,
      @Nullable ReadyCheck ready) {
    public Party {
      servers = List.copyOf(servers);
    }
  }

  /**
   * What tells that a version may be given traffic.
   *
   * @param target a url that answers with 200, or a command that ends with 0
   * @param within how long it is waited for
   */
  public record ReadyCheck(Target target, Duration within) {
    /** Where to look. */
    public sealed interface Target {}

    /** A GET that is answered with 200. */
    public record Url(URI url) implements Target {}

    /** A command that ends with 0. */
    public record Command(String line) implements Target {}
  }

  /** How traffic is moved. */
  public sealed interface Balancing {}

  /**
   * HAProxy's runtime socket.
   *
   * @param socket a path, or {@code 127.0.0.1:9999}
   */
  public record HaProxyAccess(String socket, String backend) implements Balancing {}

  /**
   * Commands for everything else.
   *
   * @param share gives the new version HALCYON_SHARE percent of the traffic
   * @param sessions prints how many sessions the version HALCYON_VERSION still has
   * @param counters prints answers and failed ones of the version HALCYON_VERSION since ever, and
   *     their mean time in milliseconds
   */
  public record Commands(String share, @Nullable String sessions, @Nullable String counters)
      implements Balancing {}

  /**
   * How much the new version gets, one after the other.
   *
   * @param shares in percent, rising, the last one 100
   * @param pause how long each is watched
   * @param url where users come in, for the smoke tests at the end
   */
  public record Traffic(List<Integer> shares, Duration pause, @Nullable URI url) {
    public Traffic {
      shares = List.copyOf(shares);
    }
  }

  /**
   * How the new version is watched.
   *
   * @param patience how long it waits for enough answers to judge by, after the pause
   */
  public record Vigil(Duration interval, Duration patience, List<Watch> watches) {
    public Vigil {
      watches = List.copyOf(watches);
    }
  }
}
