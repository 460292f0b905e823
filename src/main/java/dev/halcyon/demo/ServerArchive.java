package dev.halcyon.demo;

import dev.halcyon.embedded.Distribution;
import dev.halcyon.model.ErrorCode;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the demonstration's server comes from: the build has put it beside the program. */
public final class ServerArchive {
  /** The folder of the servers' archives, as the launcher tells it. */
  private static final String PROPERTY = "halcyon.servers";

  private static final String NAME = "mariadb-11.4.5.jar";

  private ServerArchive() {}

  /**
   * The archive in the folder that the launcher names, else in {@code servers} beside the program.
   *
   * @throws dev.halcyon.model.Refusal HAL-101 if it is not there
   */
  public static Distribution find() {
    var told = System.getProperty(PROPERTY);
    var archive = (told == null ? besideProgram() : Path.of(told)).resolve(NAME);
    if (!Files.isReadable(archive)) {
      throw ErrorCode.SETTINGS_INVALID.refuse(
          "The demo's database server is not there: " + archive,
          "Type mvn package in a checkout of Halcyon, which fetches it.");
    }
    return new Distribution.MariaDb(archive);
  }

  private static Path besideProgram() {
    try {
      var program = ServerArchive.class.getProtectionDomain().getCodeSource().getLocation();
      return Path.of(program.toURI()).resolveSibling("servers");
    } catch (URISyntaxException malformed) {
      throw new IllegalStateException("The program does not know where it is", malformed);
    }
  }
}
