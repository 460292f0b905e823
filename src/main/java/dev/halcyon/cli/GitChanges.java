package dev.halcyon.cli;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the git program says of a folder's files, compared with where this branch has left another
 * one; files that are not committed yet count. Paths are seen from the folder.
 *
 * @param changed were there and have another text now
 * @param added were not there
 * @param before all that were there
 */
record GitChanges(Set<String> changed, Set<String> added, Set<String> before) {
  private static final String END = "\0";

  /**
   * @param reference a branch, tag or commit
   * @throws Refusal HAL-101 when there is no git, no repository, or no such reference
   */
  static GitChanges since(String reference, Path folder) {
    var git = new Git(folder);
    git.run("rev-parse", "--show-toplevel");
    String commit =
        git.run("rev-parse", "--verify", "--end-of-options", reference + "^{commit}").strip();
    String base = git.answer("merge-base", commit, "HEAD").strip();
    String from = base.isEmpty() ? commit : base;
    var changed = new TreeSet<String>();
    var added = new TreeSet<String>();
    List<String> differences =
        parts(
            git.run("diff", "--relative", "--no-renames", "--name-status", "-z", from, "--", "."));
    for (int i = 0; i + 1 < differences.size(); i += 2) {
      switch (differences.get(i)) {
        case "A" -> added.add(differences.get(i + 1));
        case "D" -> {}
        default -> changed.add(differences.get(i + 1));
      }
    }
    added.addAll(parts(git.run("ls-files", "--others", "--exclude-standard", "-z", "--", ".")));
    var before = parts(git.run("ls-tree", "-r", "--name-only", "-z", from, "--", "."));
    return new GitChanges(changed, added, new TreeSet<>(before));
  }

  private static List<String> parts(String output) {
    var parts = new ArrayList<>(List.of(output.split(END, -1)));
    parts.removeIf(String::isEmpty);
    return parts;
  }

  private record Git(Path folder) {
    String run(String... arguments) {
      Result result = start(arguments);
      if (result.status() != 0) {
        throw refuse("git " + String.join(" ", arguments) + ": " + result.err().strip());
      }
      return result.out();
    }

    /** Empty when git has no answer. */
    String answer(String... arguments) {
      Result result = start(arguments);
      return result.status() == 0 ? result.out() : "";
    }

    private record Result(int status, String out, String err) {}

    private Result start(String... arguments) {
      var line = new ArrayList<>(List.of("git", "-C", folder.toString()));
      line.addAll(List.of(arguments));
      var builder = new ProcessBuilder(line);
      builder.environment().put("LC_ALL", "C");
      builder.environment().put("GIT_OPTIONAL_LOCKS", "0");
      try {
        Process process = builder.start();
        process.getOutputStream().close();
        byte[] out = process.getInputStream().readAllBytes();
        byte[] err = process.getErrorStream().readAllBytes();
        return new Result(
            process.waitFor(),
            new String(out, StandardCharsets.UTF_8),
            new String(err, StandardCharsets.UTF_8));
      } catch (IOException failure) {
        throw refuse("the git program cannot be started: " + failure.getMessage());
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        throw refuse("git was interrupted");
      }
    }

    private static Refusal refuse(String words) {
      return ErrorCode.SETTINGS_INVALID.refuse(
          "--since: " + words + ".",
          "--since needs git, a repository that holds the migrations folder, and a branch, tag or"
              + " commit that it knows.");
    }
  }
}
