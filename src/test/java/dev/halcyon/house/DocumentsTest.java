package dev.halcyon.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Links in the documents lead somewhere. */
class DocumentsTest {
  private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(#[^)]*)?\\)");

  @Test
  void linksLeadToFiles() throws IOException {
    var complaints = new ArrayList<String>();
    for (Path file : Documents.files()) {
      int number = 0;
      for (String line : Files.readAllLines(file)) {
        number++;
        var links = LINK.matcher(line);
        while (links.find()) {
          Path target = file.toAbsolutePath().resolveSibling(links.group(1));
          if (!Files.exists(target)) {
            complaints.add(file + ":" + number + ": leads nowhere: " + links.group(1));
          }
        }
      }
    }
    assertThat(complaints).isEmpty();
  }
}
