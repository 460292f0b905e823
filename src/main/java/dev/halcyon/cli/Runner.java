package dev.halcyon.cli;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.ExitStatus;
import dev.halcyon.progress.Events;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Takes a command line to its exit status: parses it, reads the settings, runs the command and says
 * how it ended.
 *
 * @param folder the working directory
 */
record Runner(Console console, Map<String, String> environment, Path folder) {

  /** What a shell reports of a process that was killed with signal 9. */
  private static final int KILLED = 137;

  /** Runs one command line and gives the status to exit with. */
  int run(String... arguments) {
    CommandLine line = Commands.meantBy(List.of(arguments));
    ParseResult parsed;
    try {
      parsed = line.parseArgs(arguments);
    } catch (ParameterException misuse) {
      return misuse(misuse.getCommandLine(), words(misuse), arguments);
    }
    if (helped(parsed)) {
      return ExitStatus.DONE.code();
    }
    ParseResult deepest = parsed;
    while (deepest.hasSubcommand()) {
      deepest = deepest.subcommand();
    }
    if (deepest.commandSpec().userObject() instanceof Action action) {
      Halcyon program = line.getCommand();
      String command = deepest.commandSpec().qualifiedName().replaceFirst("^halcyon ", "");
      return perform(action, command, program, typed(arguments));
    }
    return misuse(deepest.commandSpec().commandLine(), "a command is missing", arguments);
  }

  private int perform(Action action, String command, Halcyon program, String typed) {
    var stop = new StopRequest();
    var json = program.json() ? new Json(console.out()) : null;
    var progress = new Progress(console);
    Events events = json == null ? progress : json::event;
    var settings = new SettingsOnce(() -> settings(program));
    Answer answer;
    try {
      answer =
          action.act(
              new Invocation(
                  folder,
                  typed,
                  console,
                  settings,
                  () -> new Layers(program.flags(), environment, folder),
                  events,
                  stop,
                  journalWrites(environment)));
    } catch (RuntimeException thrown) {
      progress.close();
      if (program.debug()) {
        thrown.printStackTrace(console.err());
      }
      answer = ErrorText.of(thrown, typed, settings.server());
    }
    progress.close();
    if (json == null) {
      console.out().print(answer.text());
      console.out().flush();
      console.err().print(answer.complaint());
      console.err().flush();
    } else {
      json.outcome(command, answer);
    }
    stop.end(answer.status().code());
    return answer.status().code();
  }

  /**
   * With HALCYON_HALT_AFTER_WRITES=n the process dies at once after the n-th write of the journal:
   * the tests of resuming kill it at every such point.
   */
  private static IntConsumer journalWrites(Map<String, String> environment) {
    String last = environment.get("HALCYON_HALT_AFTER_WRITES");
    if (last == null) {
      return _ -> {};
    }
    int writes = Integer.parseInt(last);
    return count -> {
      if (count >= writes) {
        Runtime.getRuntime().halt(KILLED);
      }
    };
  }

  private Settings settings(Halcyon program) {
    if (program.asksPassword()) {
      var terminal = Objects.requireNonNull(System.console());
      if (!terminal.isTerminal()) {
        throw ErrorCode.SETTINGS_INVALID.refuse(
            "--ask-password needs a terminal.",
            "Set " + Setting.PASSWORD.variable() + " or give --password-file.");
      }
      program.flags().put(Setting.PASSWORD, new String(terminal.readPassword("Password: ")));
    }
    return SettingsReader.read(program.flags(), environment, folder);
  }

  private boolean helped(ParseResult parsed) {
    for (ParseResult at = parsed; at != null; at = at.hasSubcommand() ? at.subcommand() : null) {
      CommandLine line = at.commandSpec().commandLine();
      if (at.isVersionHelpRequested()) {
        console.out().println(ProgramVersion.line());
        return true;
      }
      if (at.isUsageHelpRequested()) {
        line.usage(console.out(), CommandLine.Help.Ansi.OFF);
        return true;
      }
    }
    return false;
  }

  /** The parser's words for a word too many speak of indexes. */
  private static String words(ParameterException misuse) {
    String said = String.valueOf(misuse.getMessage());
    if (!(misuse instanceof UnmatchedArgumentException unmatched)
        || unmatched.isUnknownOption()
        || unmatched.getUnmatched().isEmpty()) {
      return said;
    }
    String word = unmatched.getUnmatched().getFirst();
    CommandLine line = misuse.getCommandLine();
    if (!line.getSubcommands().isEmpty()) {
      return "there is no command '"
          + word
          + "'"
          + Nearest.suggestion(word, line.getSubcommands().keySet());
    }
    return line.getCommandSpec().positionalParameters().isEmpty()
        ? "'" + word + "' is one word too many"
        : "'" + word + "' is not a version such as V12 or V1.2";
  }

  private int misuse(CommandLine line, String message, String... arguments) {
    String name = line.getCommandSpec().qualifiedName();
    if (List.of(arguments).contains("--json")) {
      new Json(console.out())
          .outcome(
              name,
              new Answer(ExitStatus.USAGE, "", "", Map.of("error", Map.of("message", message))));
    } else {
      console.err().println("halcyon: " + message);
      console.err().println("See: " + name + " --help");
    }
    return ExitStatus.USAGE.code();
  }

  /** The line as it would be typed again. */
  private static String typed(String... arguments) {
    return "halcyon "
        + List.of(arguments).stream()
            .map(a -> a.matches("[\\w@%+=:,./-]+") ? a : "'" + a.replace("'", "'\\''") + "'")
            .collect(Collectors.joining(" "));
  }

  /** Reads the settings when they are first asked for, once. */
  private static final class SettingsOnce implements Supplier<Settings> {
    private final Supplier<Settings> source;
    private @Nullable Settings read;

    SettingsOnce(Supplier<Settings> source) {
      this.source = source;
    }

    @Override
    public Settings get() {
      Settings settings = read;
      if (settings == null) {
        settings = source.get();
        read = settings;
      }
      return settings;
    }

    /** Account and url, or empty when the settings could not be read. */
    String server() {
      Settings settings = read;
      return settings == null ? "" : settings.toString();
    }
  }
}
