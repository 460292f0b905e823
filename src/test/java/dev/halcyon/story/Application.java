package dev.halcyon.story;

import dev.halcyon.testing.Database;
import dev.halcyon.testing.Load;
import dev.halcyon.testing.LoadReport;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A version of an application: threads that run its statements, one at random after the other. */
final class Application implements AutoCloseable {
  private static final AtomicInteger UNIQUE = new AtomicInteger(10_000);
  private static final int SMALL = 40;
  private static final int DEADLOCK = 1213;

  private final String name;
  private final Load load;

  private Application(String name, Load load) {
    this.name = name;
    this.load = load;
  }

  static Application start(
      String name, Database database, List<String> statements, int threads, long seed) {
    Load load =
        Load.start(
            database,
            threads,
            seed,
            (random, connection) -> {
              String sql =
                  statements
                      .get(random.nextInt(statements.size()))
                      .replace("{n}", String.valueOf(1 + random.nextInt(SMALL)))
                      .replace("{u}", String.valueOf(UNIQUE.incrementAndGet()));
              try (var statement = connection.createStatement()) {
                statement.execute(sql);
              }
            });
    return new Application(name, load);
  }

  /** Lets it write some more. */
  void work(int statements) {
    load.awaitDone(statements);
  }

  /** Stops it; any error but a deadlock, which an application retries, fails the test. */
  void stopWithoutErrors() {
    LoadReport report = load.stop();
    Map<Integer, Long> errors =
        report.errorsByCode().entrySet().stream()
            .filter(Predicate.not(e -> e.getKey() == DEADLOCK))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    if (!errors.isEmpty()) {
      throw new AssertionError(
          name + " application failed: " + errors + ", first " + report.firstErrors());
    }
  }

  @Override
  public void close() {
    load.close();
  }
}
