package dev.halcyon.cli;

import dev.halcyon.rebuild.CaptureBy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one run, read and checked. Its text never shows the password.
 *
 * @param file the {@code halcyon.toml} that was found, or null
 * @param migrations absolute
 * @param gateUnused how long what a contract drops must not have been used, or null
 * @param usageSources {@code server}, {@code proxy}
 * @param neighbours urls of other servers: the replica, those of the pair
 * @param replica the url of a replica that must not fall behind, or null
 */
record Settings(
    @Nullable Path file,
    String url,
    String user,
    @Nullable String password,
    @Nullable Path ca,
    Path migrations,
    Duration lockWait,
    Duration chunkTime,
    int threadsRunning,
    long historyLength,
    @Nullable String replica,
    Duration maxLag,
    long copyRows,
    CaptureBy capture,
    @Nullable Duration gateUnused,
    Set<String> usageSources,
    Set<String> neighbours) {
  /** Names of who may see all statements. */
  static final String SERVER = "server";

  static final String PROXY = "proxy";

  Settings {
    usageSources = Set.copyOf(usageSources);
    neighbours = Set.copyOf(neighbours);
  }

  @Override
  public String toString() {
    return user + " at " + url.replaceFirst("\\?.*", "").replaceFirst("//[^/]*@", "//");
  }
}
