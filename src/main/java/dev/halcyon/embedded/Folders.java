package dev.halcyon.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The cache folder of the user, and whole folders copied and deleted. */
final class Folders {

  /** Writes the content of a folder that is being made. */
  interface Filler {
    void fill(Path folder) throws IOException;
  }

  private Folders() {}

  /** {@code $XDG_CACHE_HOME/halcyon} or {@code ~/.cache/halcyon}. */
  static Path cache() {
    var configured = System.getenv("XDG_CACHE_HOME");
    var root =
        configured == null || configured.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(configured);
    return root.resolve("halcyon").toAbsolutePath();
  }

  /**
   * The cached folder of that name, made by the filler if it is not there. It is filled beside its
   * place and then renamed, so a folder that exists is complete; of two processes that fill it at
   * once the second throws its own away.
   */
  static synchronized Path cached(String name, Filler filler) {
    var target = cache().resolve(name);
    if (Files.isDirectory(target)) {
      return target;
    }
    try {
      Files.createDirectories(cache());
      var draft = Files.createTempDirectory(cache(), name + "-draft-");
      try {
        filler.fill(draft);
        moveUnlessThere(draft, target);
      } finally {
        delete(draft);
      }
      return target;
    } catch (IOException failure) {
      throw new UncheckedIOException("Cannot prepare " + target, failure);
    }
  }

  private static void moveUnlessThere(Path draft, Path target) throws IOException {
    try {
      Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException failure) {
      throw failure;
    } catch (IOException failure) {
      if (!Files.isDirectory(target)) {
        throw failure;
      }
    }
  }

  static void copy(Path source, Path to) throws IOException {
    // A cache folder may be a link to another disk.
    var from = source.toRealPath();
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(to.resolve(from.relativize(folder).toString()));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(
                file,
                to.resolve(from.relativize(file).toString()),
                StandardCopyOption.COPY_ATTRIBUTES);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Deletes the folder and all in it; what is gone already is no error. */
  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure)
              throws IOException {
            if (failure instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw failure;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.deleteIfExists(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  static String nameOf(Path file) {
    return Objects.requireNonNull(file.getFileName(), "a root has no name").toString();
  }
}
