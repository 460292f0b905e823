package dev.halcyon.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page of what a rebuild survives names tests that there are. */
class ScenarioPageTest {
  private static final Pattern NAMED = Pattern.compile("`([a-z]+\\.\\w+)#(\\w+)`");
  private static final int SCENARIOS = 34;

  @Test
  void everyScenarioHasItsTest() throws IOException, ClassNotFoundException {
    var rows =
        Files.readAllLines(Path.of("docs/rebuild-scenarios.md")).stream()
            .filter(line -> line.matches("\\| \\d+ \\|.*"))
            .toList();
    assertThat(rows).hasSize(SCENARIOS);
    for (var row : rows) {
      var tests = NAMED.matcher(row).results().toList();
      assertThat(tests).as(row).isNotEmpty();
      for (var test : tests) {
        var methods = Class.forName("dev.halcyon." + test.group(1)).getDeclaredMethods();
        assertThat(Arrays.stream(methods).map(method -> method.getName()))
            .as(row)
            .contains(test.group(2));
      }
    }
  }
}
