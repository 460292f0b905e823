package dev.halcyon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.model.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The reference pages say what the program says. When one differs, the right page stands in {@code
 * target/reference}, to be copied.
 */
class ReferenceTest {
  @Test
  void errorsPageListsEveryCode() throws IOException {
    var page = new StringBuilder();
    page.append("# Errors\n\n");
    page.append("Every error has a code that stays. The exit status belongs to the code.\n\n");
    page.append("| Code | Exit | Meaning |\n|---|---|---|\n");
    for (ErrorCode error : ErrorCode.values()) {
      page.append("| ").append(error.code()).append(" | ").append(error.exitStatus().code());
      page.append(" | ").append(error.meaning()).append(" |\n");
    }
    page.append(
        """

        Exit status: 0 done; 1 findings or a mismatch; 2 failed; 3 a gate is closed; 4 another run
        holds the lease; 64 usage; 78 settings. A command that was given versions and had nothing
        to do with them does not exit with 0.
        """);
    assertPage("errors.md", page.toString());
  }

  @Test
  void settingsPageListsEverySetting() throws IOException {
    var page = new StringBuilder();
    page.append(
        """
        # Settings

        A setting stands in `halcyon.toml`, searched from the working directory upward; in the
        environment, which outranks the file; or in a flag, which outranks both. Every problem is
        reported at once (HAL-101, exit status 78). A path in the file is seen from the file.

        | In the file | Environment | Flag | Without it | Meaning |
        |---|---|---|---|---|
        """);
    for (Setting setting : Setting.values()) {
      page.append("| `").append(setting.key()).append("` | `").append(setting.variable());
      page.append("` | ").append(setting.flag().map(flag -> "`" + flag + "`").orElse("none"));
      page.append(" | ").append(setting.preset().map(text -> "`" + text + "`").orElse(""));
      page.append(" | ").append(setting.meaning()).append(" |\n");
    }
    page.append(
        """

        Times are written `100ms`, `2s`, `5m`, `1h`, `7d`. A password is never an argument and never
        printed; `--ask-password` asks for it on the terminal.

        ```toml
        url = "jdbc:mariadb://db1:3306/shop"
        user = "deploy"
        password-file = "/run/secrets/shop"
        migrations = "db/migrations"

        [proxy]
        listen = "0.0.0.0:3306"

        [proxy.servers]
        a = "db1:3306"
        b = "db2:3306"

        [proxy.accounts]
        shop = "/run/secrets/shop"
        ```

        In the environment and in a flag the values of a table stand in one line:
        `HALCYON_PROXY_SERVERS=a=db1:3306,b=db2:3306`.
        """);
    assertPage("settings.md", page.toString());
  }

  private static void assertPage(String name, String expected) throws IOException {
    Path right = Files.createDirectories(Path.of("target", "reference")).resolve(name);
    Files.writeString(right, expected);
    assertThat(Path.of("docs", name))
        .describedAs("cp %s docs/", right)
        .hasSameTextualContentAs(right);
  }
}
