package dev.halcyon.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.model.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every folder under {@code sql/cases} holds {@code in.sql} and what is read from it in {@code
 * out.txt}. A folder whose name begins with an engine's name is for that engine only. With {@code
 * -Dhalcyon.cases.write=true} the texts are written anew, to be reviewed as a difference.
 */
class CasesTest {
  private static final Path CASES = Path.of("src/test/resources/sql/cases");

  @TestFactory
  Stream<DynamicTest> readsEachCase() throws IOException {
    try (Stream<Path> folders = Files.list(CASES)) {
      return folders.sorted().toList().stream()
          .flatMap(
              folder ->
                  Stream.of(Engine.values())
                      .filter(engine -> isFor(folder, engine))
                      .map(engine -> test(folder, engine)));
    }
  }

  private static boolean isFor(Path folder, Engine engine) {
    String name = folder.getFileName().toString();
    return Stream.of(Engine.values())
        .filter(e -> name.startsWith(e.name().toLowerCase(Locale.ROOT) + "-"))
        .allMatch(engine::equals);
  }

  private static DynamicTest test(Path folder, Engine engine) {
    return DynamicTest.dynamicTest(
        folder.getFileName() + " on " + engine.label(),
        () -> {
          var file = new SourceFile("in.sql", Files.readString(folder.resolve("in.sql")));
          String text = ParsedText.of(Ddl.parse(engine, "shop", file));
          Path expected = folder.resolve("out.txt");
          if (Boolean.getBoolean("halcyon.cases.write")) {
            Files.writeString(expected, text);
          }
          assertThat(text).isEqualTo(Files.readString(expected));
        });
  }
}
