package dev.halcyon.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** {@code libaio.so.1}, which MySQL's server needs and many machines lack. */
final class AsyncIoLibrary {
  private static final String NAME = "libaio.so.1";
  private static final List<String> SYSTEM =
      List.of(
          "/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64", "/usr/lib");

  private AsyncIoLibrary() {}

  /**
   * What the server's environment needs so that the loader finds the library: nothing where the
   * machine has it, else the folder of a copy fetched without root by Debian's package tool.
   *
   * @throws MissingLibraryException if it is neither here nor to be had
   */
  static Map<String, String> environment() {
    for (var folder : SYSTEM) {
      if (Files.exists(Path.of(folder, NAME))) {
        return Map.of();
      }
    }
    try {
      return Map.of("LD_LIBRARY_PATH", Folders.cached("libaio", AsyncIoLibrary::fetch).toString());
    } catch (RuntimeException failure) {
      throw missing(failure);
    }
  }

  private static MissingLibraryException missing(RuntimeException failure) {
    var missing =
        new MissingLibraryException(
            NAME
                + " is missing and could not be fetched; install it (Debian 12: libaio1, 13: "
                + "libaio1t64): "
                + failure.getMessage());
    missing.initCause(failure);
    return missing;
  }

  private static void fetch(Path folder) throws IOException {
    var work = Files.createTempDirectory("halcyon-libaio-");
    try {
      download(work);
      try (var packages = Files.newDirectoryStream(work, "*.deb")) {
        for (var file : packages) {
          Programs.run(
              List.of("dpkg-deb", "-x", file.toString(), work.toString()), Map.of(), work, "");
        }
      }
      try (var files = Files.walk(work)) {
        // Debian 13 names the file libaio.so.1t64; the program asks for the old name.
        var library =
            files
                .filter(Files::isRegularFile)
                .filter(file -> Folders.nameOf(file).startsWith(NAME))
                .findFirst()
                .orElseThrow(() -> new IOException("The package holds no " + NAME));
        Files.copy(library, folder.resolve(NAME));
      }
    } finally {
      Folders.delete(work);
    }
  }

  private static void download(Path work) throws IOException {
    try {
      Programs.run(List.of("apt-get", "download", "libaio1"), Map.of(), work, "");
    } catch (ServerException first) {
      try {
        Programs.run(List.of("apt-get", "download", "libaio1t64"), Map.of(), work, "");
      } catch (ServerException second) {
        second.addSuppressed(first);
        throw second;
      }
    }
  }
}
