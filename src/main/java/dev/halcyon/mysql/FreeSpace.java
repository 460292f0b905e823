package dev.halcyon.mysql;

import dev.halcyon.model.Engine;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How much room there is on the disk where a server keeps its tables: by MariaDB's plugin DISKS,
 * or, if the server runs on this host, by looking. Stateless.
 */
public final class FreeSpace {
  private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");
  private static final long KILO = 1024;

  private FreeSpace() {}

  /**
   * @return bytes; empty when it cannot be known
   */
  public static OptionalLong of(Session session) {
    var place = session.first("SELECT @@datadir AS data, @@hostname AS host").orElseThrow();
    var byPlugin =
        session.engine() == Engine.MARIADB
            ? byPlugin(session, place.string("data"))
            : OptionalLong.empty();
    return byPlugin.isPresent() ? byPlugin : here(place.string("data"), place.string("host"));
  }

  private static OptionalLong byPlugin(Session session, String data) {
    try {
      return session
          .first(
              "SELECT available FROM information_schema.disks"
                  + " WHERE ? LIKE CONCAT(path, '%') ORDER BY LENGTH(path) DESC LIMIT 1",
              data)
          .map(row -> OptionalLong.of(row.longValue("available") * KILO))
          .orElse(OptionalLong.empty());
    } catch (Fault.Refused notThereOrNotAllowed) {
      return OptionalLong.empty();
    }
  }

  private static OptionalLong here(String data, String host) {
    try {
      var folder = Path.of(data);
      return thisHost().filter(host::equals).isPresent() && Files.isDirectory(folder)
          ? OptionalLong.of(Files.getFileStore(folder).getUsableSpace())
          : OptionalLong.empty();
    } catch (IOException notToBeSeen) {
      return OptionalLong.empty();
    }
  }

  private static Optional<String> thisHost() throws IOException {
    return Optional.of(
        Files.isReadable(HOST_NAME)
            ? Files.readString(HOST_NAME).strip()
            : InetAddress.getLocalHost().getHostName());
  }
}
