package dev.halcyon.cli;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one run, read and checked. Its text never shows the password.
 *
 * @param file the {@code halcyon.toml} that was found, or null
 * @param migrations absolute
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
    @Nullable String replica,
    Duration maxLag,
    long copyRows) {

  @Override
  public String toString() {
    return user + " at " + url.replaceFirst("\\?.*", "").replaceFirst("//[^/]*@", "//");
  }
}
