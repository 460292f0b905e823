package dev.halcyon.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every rule has a folder {@code lint/<id>}: what is bad, with the findings in {@code .txt}, and
 * what is good, with none. With {@code -Dhalcyon.cases.write=true} the texts are written anew, to
 * be reviewed as a difference.
 */
class LintCasesTest {
  private static final Path CASES = Path.of("src/test/resources/lint");

  @TestFactory
  Stream<DynamicTest> findsWhatIsBadAndNothingElse() throws IOException {
    var cases = new ArrayList<LintCase>();
    for (Rules.Description rule : Rules.all()) {
      cases.addAll(LintCase.in(CASES.resolve(rule.id())));
    }
    return cases.stream()
        .map(c -> DynamicTest.dynamicTest(c.folder().getFileName() + " " + c.stem(), () -> run(c)));
  }

  private static void run(LintCase lintCase) throws IOException {
    String text = lintCase.text();
    if (!lintCase.bad()) {
      assertThat(text).isEmpty();
      return;
    }
    if (Boolean.getBoolean("halcyon.cases.write")) {
      Files.writeString(lintCase.expectedFile(), text);
    }
    assertThat(text)
        .contains(" " + lintCase.folder().getFileName() + ": ")
        .isEqualTo(lintCase.expected());
  }

  @Test
  void everyRuleHasBothKindsOfCasesAndAPage() throws IOException {
    var complaints = new ArrayList<String>();
    for (Rules.Description rule : Rules.all()) {
      Path folder = CASES.resolve(rule.id());
      List<LintCase> cases = Files.isDirectory(folder) ? LintCase.in(folder) : List.of();
      if (cases.stream().noneMatch(LintCase::bad) || cases.stream().allMatch(LintCase::bad)) {
        complaints.add(rule.id() + ": a bad or a good case is missing in " + folder);
      }
      Path page = Path.of("docs", "rules", rule.id() + ".md");
      String head = "# " + rule.id() + ": " + rule.title() + "\n";
      if (!Files.exists(page) || !Files.readString(page).startsWith(head)) {
        complaints.add(page + ":1: does not begin with " + head.strip());
      }
    }
    assertThat(complaints).isEmpty();
  }

  @Test
  void idsRiseAndStandOnce() {
    List<String> ids = Rules.all().stream().map(Rules.Description::id).toList();

    assertThat(ids)
        .doesNotHaveDuplicates()
        .isSorted()
        .hasSize(Rule.class.getPermittedSubclasses().length);
  }
}
