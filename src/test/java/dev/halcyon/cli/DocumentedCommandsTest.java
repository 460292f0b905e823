package dev.halcyon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.house.Documents;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.ParameterException;

/**
 * Every command line that the documents show is one that the program takes. Pages with a line
 * {@code <!-- fixture: name -->} are acted out from top to bottom on a real server: {@code
 * src/test/resources/docs/name} holds {@code setup.sql}, the migrations folder and other files of
 * the working directory, the shown output must come in the shown order, {@code ...} stands for
 * anything, and {@code echo $?} shows the exit status.
 */
class DocumentedCommandsTest {
  private static final Pattern FIXTURE = Pattern.compile("<!-- fixture: (\\S+) -->");
  private static final Pattern INLINE =
      Pattern.compile("(?:`|^\\s*\\$ )(?:\\./)?(halcyon [a-z][^`>]*)");

  @TempDir private Path folder;

  @Test
  void everyCommandLineIsKnown() throws IOException {
    var complaints = new ArrayList<String>();
    for (Path file : Documents.files()) {
      int number = 0;
      for (String line : Files.readAllLines(file)) {
        number++;
        var commands = INLINE.matcher(line);
        while (commands.find()) {
          String complaint = complaint(commands.group(1));
          if (!complaint.isEmpty()) {
            complaints.add(file + ":" + number + ": " + complaint);
          }
        }
      }
    }
    assertThat(complaints).isEmpty();
  }

  @EngineTest
  void pagesHoldWhatTheyShow(Database database) throws IOException {
    for (Path page : Documents.files()) {
      var fixture = FIXTURE.matcher(Files.readString(page));
      if (fixture.find()) {
        try (var fresh = Database.fresh(database.server())) {
          actOut(page, fixture.group(1), fresh);
        }
      }
    }
  }

  private void actOut(Path page, String fixture, Database database) throws IOException {
    Path source = Path.of("src/test/resources/docs", fixture);
    Path workplace = Files.createDirectories(folder.resolve(page.getFileName().toString()));
    copy(source, workplace);
    copy(source.resolve("migrations"), workplace.resolve("migrations"));
    for (String statement : Files.readString(source.resolve("setup.sql")).split(";\\s*\n", -1)) {
      if (!statement.isBlank()) {
        database.execute(statement);
      }
    }
    var shell = Shell.on(database, workplace);
    var unexplained = new ArrayList<String>();
    Shell.Result last = new Shell.Result(0, "", "");
    for (Iterator<Documents.Command> all = Documents.commands(page).iterator(); all.hasNext(); ) {
      Documents.Command command = all.next();
      if (command.text().equals("echo $?")) {
        assertThat(command.output()).describedAs("%s", command).contains("" + last.status());
        unexplained.clear();
        continue;
      }
      assertThat(unexplained).isEmpty();
      last = shell.run(command.text());
      assertOutput(command, last);
      if (last.status() != 0) {
        unexplained.add(command + " ended with " + last.status() + ":\n" + last.err());
      }
    }
    assertThat(unexplained).isEmpty();
  }

  static void assertOutput(Documents.Command command, Shell.Result result) {
    String shown =
        command.output().stream()
            .filter(line -> !line.isBlank())
            .map(String::strip)
            .map(DocumentedCommandsTest::pattern)
            .collect(Collectors.joining("[\\s\\S]*?"));
    String printed = result.out() + result.err();
    assertThat(Pattern.compile(shown).matcher(printed).find())
        .describedAs("%s%nshows%n%s%nprints%n%s", command, command.output(), printed)
        .isTrue();
  }

  private static String pattern(String line) {
    return List.of(line.split("\\.\\.\\.", -1)).stream()
        .map(Pattern::quote)
        .collect(Collectors.joining(".*"));
  }

  private static String complaint(String line) {
    var words = Shell.words(line);
    try {
      var _ = Commands.all().parseArgs(words.subList(1, words.size()).toArray(String[]::new));
      return "";
    } catch (ParameterException misuse) {
      return line + ": " + misuse.getMessage();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (var files = Files.list(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }
}
