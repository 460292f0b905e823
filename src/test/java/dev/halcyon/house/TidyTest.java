package dev.halcyon.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Sizes, captions and words. Each complaint names its {@code file:line}. */
class TidyTest {
  private static final int FILE_LINES = 500;
  private static final int METHOD_LINES = 70;
  private static final Set<String> EMPTY_NAMES =
      Set.of("Manager", "Helper", "Util", "Utils", "Impl");
  private static final Pattern NAME_PART = Pattern.compile("[A-Z]+[a-z0-9]*");

  /** Written in two parts, so that this file does not complain of itself. */
  private static final List<String> BANNED =
      List.of(
          "TO" + "DO",
          "FIX" + "ME",
          "XX" + "X",
          "gh" + "ost",
          "not " + "implemented",
          "Unsupported" + "OperationException");

  @Test
  void filesAreShort() throws IOException {
    var complaints = new ArrayList<String>();
    for (Path file : Sources.files()) {
      int lines = Files.readAllLines(file).size();
      if (lines > FILE_LINES) {
        complaints.add(file + ":" + lines + ": more than " + FILE_LINES + " lines");
      }
    }
    assertThat(complaints).isEmpty();
  }

  @Test
  void methodsAreShort() throws IOException {
    assertThat(
            Sources.pieces().stream()
                .filter(piece -> piece.method() && piece.lines() > METHOD_LINES)
                .map(piece -> piece + ": " + piece.name() + " has " + piece.lines() + " lines"))
        .isEmpty();
  }

  @Test
  void typesAreNouns() throws IOException {
    assertThat(
            Sources.pieces().stream()
                .filter(piece -> !piece.method())
                .filter(piece -> parts(piece.name()).anyMatch(EMPTY_NAMES::contains))
                .map(piece -> piece + ": " + piece.name() + " says nothing"))
        .isEmpty();
  }

  @Test
  void packagesHaveCaptions() throws IOException {
    var complaints = new ArrayList<String>();
    for (Path folder : Sources.files().stream().map(Path::getParent).distinct().toList()) {
      Path info = folder.resolve("package-info.java");
      String text = Files.exists(info) ? Files.readString(info) : "";
      if (!text.startsWith("/**") || !text.contains("@NullMarked")) {
        complaints.add(info + ":1: a caption in Javadoc and @NullMarked are missing");
      }
    }
    assertThat(complaints).isEmpty();
  }

  @Test
  void wordsAreOurs() throws IOException {
    var complaints = new ArrayList<String>();
    for (Path file : texts()) {
      int number = 0;
      for (String line : Files.readAllLines(file)) {
        number++;
        for (String word : BANNED) {
          if (contains(line, word)) {
            complaints.add(file + ":" + number + ": " + word);
          }
        }
      }
    }
    assertThat(complaints).isEmpty();
  }

  private static boolean contains(String line, String word) {
    boolean ours = word.equals(word.toLowerCase(Locale.ROOT));
    return (ours ? line.toLowerCase(Locale.ROOT) : line).contains(word);
  }

  private static Stream<String> parts(String name) {
    return NAME_PART.matcher(name).results().map(match -> match.group());
  }

  /** Sources and documents. */
  private static List<Path> texts() throws IOException {
    var texts = new ArrayList<>(Sources.files());
    texts.addAll(Documents.files());
    return texts;
  }
}
