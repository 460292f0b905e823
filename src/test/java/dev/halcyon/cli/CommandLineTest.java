package dev.halcyon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

class CommandLineTest {
  @TempDir private Path folder;

  @Test
  void helpNamesEveryCommand() {
    var result = shell().run("halcyon --help");

    assertThat(result.status()).isZero();
    assertThat(result.out())
        .contains("init", "doctor", "status", "plan", "expand", "verify", "contract", "rollback");
  }

  @Test
  void everyCommandHasHelpAndTakesEverySetting() {
    var line = Commands.all();

    line.getSubcommands()
        .forEach(
            (name, command) -> {
              assertThat(shell().run("halcyon " + name + " --help").out())
                  .startsWith("Usage: halcyon " + name);
              for (Setting setting : Setting.values()) {
                boolean taken =
                    switch (setting.area()) {
                      case RUNS -> true;
                      case LINT -> name.equals("lint");
                      case PAIR -> name.equals("pair");
                      case PROXY -> name.equals("proxy");
                    };
                setting
                    .flag()
                    .ifPresent(
                        flag ->
                            assertThat(takes(command, flag, setting))
                                .describedAs(name + " " + flag)
                                .isEqualTo(taken));
              }
            });
  }

  /** A command may have an option of its own by that name: {@code alter --control}. */
  private static boolean takes(CommandLine command, String flag, Setting setting) {
    var option = command.getCommandSpec().findOption(flag);
    return option != null && String.join(" ", option.description()).equals(setting.meaning());
  }

  @Test
  void theVersionIsALineOfItsOwn() {
    assertThat(shell().run("halcyon --version").out()).startsWith("halcyon ");
  }

  @Test
  void misuseIsStatus64AndSaysWhereHelpIs() {
    for (String line :
        new String[] {"halcyon", "halcyon plann", "halcyon plan --nope", "halcyon plan Vx"}) {
      var result = shell().run(line);

      assertThat(result.status()).describedAs(line).isEqualTo(64);
      assertThat(result.err()).describedAs(line).contains("--help").doesNotContain("\tat ");
      assertThat(result.out()).isEmpty();
    }
  }

  @Test
  void aSlipIsNamedInWords() {
    assertThat(shell().run("halcyon plann").err())
        .contains("there is no command 'plann'; did you mean plan?");
    assertThat(shell().run("halcyon plan V1 V2x").err())
        .contains("'V2x' is not a version such as V12");
    assertThat(shell().run("halcyon status V1").err()).contains("'V1' is one word too many");
  }

  @Test
  void misuseWithJsonIsAnOutcome() {
    var outcome = new JsonMapper().readTree(shell().run("halcyon plan Vx --json").lastLine());

    assertThat(outcome.get("event").asString()).isEqualTo("outcome");
    assertThat(outcome.get("exit").asInt()).isEqualTo(64);
    assertThat(outcome.at("/error/message").asString()).contains("Vx");
  }

  @Test
  void aPasswordIsNoArgument() {
    assertThat(shell().run("halcyon status --password secret").status()).isEqualTo(64);
  }

  @Test
  void settingsProblemsAreStatus78AndComeTogether() {
    var result = shell().run("halcyon status --lock-wait=soon");

    assertThat(result.status()).isEqualTo(78);
    assertThat(result.err())
        .contains("HAL-101: url is not set")
        .contains("HAL-101: user is not set")
        .contains("HAL-101: --lock-wait: \"soon\"");
  }

  @Test
  void aFlagMayStandBeforeTheCommandToo() {
    assertThat(shell().run("halcyon --lock-wait=soon status").err()).contains("--lock-wait");
  }

  @Test
  void anUnreachableServerIsOneClearError() {
    var result = shell().run("halcyon doctor --url=jdbc:mysql://127.0.0.1:1/shop --user=nobody");

    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err()).contains("HAL-110").contains("127.0.0.1:1").doesNotContain("\tat ");
  }

  @Test
  void debugAddsTheStackTrace() {
    var result =
        shell().run("halcyon doctor --debug --url=jdbc:mysql://127.0.0.1:1/shop --user=nobody");

    assertThat(result.err()).contains("\tat ").contains("HAL-110");
  }

  @Test
  void anErrorWithJsonIsTheOutcome() {
    var result =
        shell().run("halcyon doctor --json --url=jdbc:mysql://127.0.0.1:1/shop --user=nobody");
    var outcome = new JsonMapper().readTree(result.lastLine());

    assertThat(result.err()).isEmpty();
    assertThat(outcome.get("command").asString()).isEqualTo("doctor");
    assertThat(outcome.get("exit").asInt()).isEqualTo(2);
    assertThat(outcome.at("/findings/0/code").asString()).isEqualTo("HAL-110");
  }

  private Shell shell() {
    return new Shell(folder, Map.of());
  }
}
