package dev.halcyon.cli;

import dev.halcyon.model.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import picocli.CommandLine.Command;

/** {@code halcyon init}. */
@Command(
    name = "init",
    mixinStandardHelpOptions = true,
    description = {
      "Creates Halcyon's tables and takes over what Flyway, Liquibase or dbdeploy has applied.",
      "Writes halcyon.toml unless there is one."
    })
final class InitCommand implements Action {
  @Override
  public Answer act(Invocation invocation) {
    Settings settings = invocation.settings().get();
    Answer answer = Workplace.run(invocation, deployment -> Answer.of(deployment.init()));
    if (settings.file() != null) {
      return answer;
    }
    Path file = invocation.folder().resolve(SettingsFile.NAME).toAbsolutePath();
    write(file, text(settings, file));
    var fields = new LinkedHashMap<String, Object>(answer.fields());
    fields.put("file", file.toString());
    return new Answer(
        answer.status(), answer.text() + "wrote " + file + "\n", answer.complaint(), fields);
  }

  /** What was given as flags or in the environment, but for the password. */
  private static String text(Settings settings, Path file) {
    var text = new StringBuilder();
    text.append("url = ").append(quoted(settings.url())).append('\n');
    text.append("user = ").append(quoted(settings.user())).append('\n');
    Path folder = file.resolveSibling("");
    text.append("migrations = ").append(quoted(seenFrom(folder, settings.migrations())));
    text.append('\n');
    Path ca = settings.ca();
    if (ca != null) {
      text.append("ca = ").append(quoted(seenFrom(folder, ca))).append('\n');
    }
    text.append("# The password comes from ").append(Setting.PASSWORD.variable());
    text.append(", or from password-file = \"...\".\n");
    return text.toString();
  }

  private static String seenFrom(Path folder, Path path) {
    Path absolute = path.toAbsolutePath();
    return absolute.startsWith(folder)
        ? folder.relativize(absolute).toString()
        : absolute.toString();
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text, StandardOpenOption.CREATE_NEW);
    } catch (IOException failure) {
      throw ErrorCode.SETTINGS_INVALID.refuse(
          file + " cannot be written: " + failure.getMessage(),
          "The tables are there; write the file yourself, or go on with flags.");
    }
  }
}
