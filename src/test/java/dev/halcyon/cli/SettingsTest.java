package dev.halcyon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
  private static final Map<String, String> ACCOUNT =
      Map.of("HALCYON_URL", "jdbc:mysql://db/shop", "HALCYON_USER", "deploy");

  @TempDir private Path folder;

  @Test
  void flagsOutrankTheEnvironmentWhichOutranksTheFile() throws IOException {
    toml("url = 'from file'\nuser = 'from file'\nlock-wait = '5s'");

    var settings =
        SettingsReader.read(
            Map.of(Setting.URL, "from flag"),
            Map.of("HALCYON_URL", "from environment", "HALCYON_USER", "from environment"),
            folder);

    assertThat(settings.url()).isEqualTo("from flag");
    assertThat(settings.user()).isEqualTo("from environment");
    assertThat(settings.lockWait()).isEqualTo(Duration.ofSeconds(5));
    assertThat(settings.chunkTime()).isEqualTo(Duration.ofMillis(100));
  }

  @Test
  void theFileIsSearchedUpward() throws IOException {
    toml("migrations = 'db'");
    Path deep = Files.createDirectories(folder.resolve("a/b"));

    var settings = SettingsReader.read(Map.of(), ACCOUNT, deep);

    assertThat(settings.file()).isEqualTo(folder.resolve("halcyon.toml"));
    assertThat(settings.migrations()).isEqualTo(folder.resolve("db"));
  }

  @Test
  void aPathOutsideTheFileIsSeenFromTheWorkingDirectory() throws IOException {
    toml("migrations = 'db'");
    Path deep = Files.createDirectories(folder.resolve("a"));

    var settings = SettingsReader.read(Map.of(Setting.MIGRATIONS, "here"), ACCOUNT, deep);

    assertThat(settings.migrations()).isEqualTo(deep.resolve("here"));
  }

  @Test
  void everyProblemIsReportedAtOnce() throws IOException {
    toml("lock_wiat = '2s'\nlock-wiat = '2s'\nchunk-time = 'soon'\nuser = ['a']");

    assertThat(problems(Map.of(Setting.COPY_ROWS, "many"), Map.of("HALCYON_ULR", "x")))
        .anyMatch(text -> text.contains("unknown key lock-wiat; did you mean lock-wait?"))
        .anyMatch(text -> text.contains("unknown key lock_wiat"))
        .anyMatch(text -> text.contains("chunk-time: \"soon\" is not a time"))
        .anyMatch(text -> text.contains("user takes one value"))
        .anyMatch(text -> text.contains("--copy-rows: \"many\" is not a whole number"))
        .anyMatch(text -> text.contains("HALCYON_ULR is not a setting; did you mean HALCYON_URL?"))
        .anyMatch(text -> text.contains("url is not set"))
        .hasSize(8);
  }

  @Test
  void variablesOfOtherProgramsAreLeftAlone() {
    var environment = new java.util.HashMap<>(ACCOUNT);
    environment.put("HALCYON_SERVICE_HOST", "10.0.0.1");

    assertThat(SettingsReader.read(Map.of(), environment, folder).user()).isEqualTo("deploy");
  }

  @Test
  void brokenTomlIsNamedWithItsPlace() throws IOException {
    toml("url = \"x\"\nuser = ");

    assertThat(problems(Map.of(), Map.of()))
        .anyMatch(text -> text.contains("halcyon.toml:2:") && text.contains("not TOML"));
  }

  @Test
  void thePasswordSetClosestToTheCommandCounts() throws IOException {
    toml("password = 'from file'");
    Path secret = Files.writeString(folder.resolve("secret"), "from secret\n");

    assertThat(SettingsReader.read(Map.of(), ACCOUNT, folder).password()).isEqualTo("from file");
    assertThat(
            SettingsReader.read(Map.of(Setting.PASSWORD_FILE, secret.toString()), ACCOUNT, folder)
                .password())
        .isEqualTo("from secret");
  }

  @Test
  void thePasswordIsNeverInTheText() throws IOException {
    toml("password = 'sesame'");

    assertThat(SettingsReader.read(Map.of(), ACCOUNT, folder).toString()).doesNotContain("sesame");
  }

  @Test
  void timesBelowTheLeastAreRefused() {
    assertThat(problems(Map.of(Setting.LOCK_WAIT, "100ms"), ACCOUNT))
        .containsExactly(
            "--lock-wait: \"100ms\" is not a time such as 2s, 100ms or 5m, at least 1 s.");
  }

  private List<String> problems(Map<Setting, String> flags, Map<String, String> environment) {
    var refusal =
        catchThrowableOfType(Refusal.class, () -> SettingsReader.read(flags, environment, folder));
    assertThat(refusal.exitStatus()).isEqualTo(ExitStatus.SETTINGS);
    assertThat(refusal.findings()).extracting(Finding::code).containsOnly("HAL-101");
    return refusal.findings().stream().map(Finding::message).toList();
  }

  private void toml(String text) throws IOException {
    Files.writeString(folder.resolve("halcyon.toml"), text);
  }
}
