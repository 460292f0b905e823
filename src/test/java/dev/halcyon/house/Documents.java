package dev.halcyon.house;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The project's documents and the command lines that stand in them. */
public final class Documents {
  private static final String PROMPT = "$ ";

  private Documents() {}

  /**
   * A command line in a {@code console} block.
   *
   * @param text without the prompt
   * @param output the lines below it, up to the next prompt
   */
  public record Command(Path file, int line, String text, List<String> output) {
    @Override
    public String toString() {
      return file + ":" + line + ": " + text;
    }
  }

  /** README.md and everything in docs/. */
  public static List<Path> files() throws IOException {
    try (Stream<Path> docs = Files.walk(Path.of("docs"))) {
      return Stream.concat(
              Stream.of(Path.of("README.md"), Path.of("CHANGELOG.md")),
              docs.filter(path -> path.toString().endsWith(".md")).sorted())
          .toList();
    }
  }

  /** Every command line of a document, in order. */
  public static List<Command> commands(Path file) throws IOException {
    var commands = new ArrayList<Command>();
    boolean console = false;
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      if (line.startsWith("```")) {
        console = line.equals("```console");
      } else if (console && line.startsWith(PROMPT)) {
        commands.add(new Command(file, number, line.substring(PROMPT.length()), new ArrayList<>()));
      } else if (console && !commands.isEmpty()) {
        commands.getLast().output().add(line);
      }
    }
    return commands;
  }
}
