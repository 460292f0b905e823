package dev.halcyon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** {@code halcyon lint} as it is typed, without a server. */
class LintCommandTest {
  @TempDir private Path folder;

  @BeforeEach
  void migrations() throws IOException {
    write(
        "migrations/V1__users.sql",
        "CREATE TABLE users (id INT PRIMARY KEY, email VARCHAR(100) NOT NULL);");
  }

  @Test
  void aFolderWithoutFindingsIsFine() {
    var result = shell().run("halcyon lint");

    assertThat(result.status()).isZero();
    assertThat(result.out()).isEqualTo("no findings in 1 file\n");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void anErrorIsStatus1AndShowsTheLine() throws IOException {
    write(
        "migrations/V2__locale.sql", "ALTER TABLE users\n  ADD COLUMN locale CHAR(5) NOT NULL;\n");

    var result = shell().run("halcyon lint");

    assertThat(result.status()).isEqualTo(1);
    assertThat(result.out())
        .startsWith("migrations/V2__locale.sql:2:3: error H101: users.locale is NOT NULL")
        .contains("  |   ADD COLUMN locale CHAR(5) NOT NULL;\n  |   ^\n")
        .contains("    -- halcyon: fill users.locale = <value>\n")
        .endsWith("1 error in 2 files\n");
  }

  @Test
  void informationIsStatus0() throws IOException {
    write("migrations/V2__mail.sql", "ALTER TABLE users RENAME COLUMN email TO mail;");

    var result = shell().run("halcyon lint V2");

    assertThat(result.status()).isZero();
    assertThat(result.out()).contains("information H102").endsWith("1 information in 1 file\n");
  }

  @Test
  void jsonIsTheOutcome() throws IOException {
    write("migrations/V2__mail.sql", "ALTER TABLE users RENAME COLUMN email TO mail;");

    var outcome = new JsonMapper().readTree(shell().run("halcyon lint --json").lastLine());

    assertThat(outcome.get("command").asString()).isEqualTo("lint");
    assertThat(outcome.get("files").asInt()).isEqualTo(2);
    assertThat(outcome.at("/findings/0/code").asString()).isEqualTo("H102");
    assertThat(outcome.at("/findings/0/file").asString()).isEqualTo("migrations/V2__mail.sql");
    assertThat(outcome.at("/findings/0/column").asInt()).isEqualTo(19);
  }

  @Test
  void aSchemaFileTellsWhatFilesDoNot() throws IOException {
    write("migrations/V2__a.sql", "ALTER TABLE orders MODIFY note VARCHAR(20);");
    write("schema.sql", "CREATE TABLE orders (id INT PRIMARY KEY, note VARCHAR(40));");

    assertThat(shell().run("halcyon lint V2").out()).contains("is not known");
    assertThat(shell().run("halcyon lint V2 --against schema.sql").out())
        .contains("orders.note goes from varchar(40) to varchar(20)");
    assertThat(shell().run("halcyon lint --against gone.sql").status()).isEqualTo(78);
  }

  @Test
  void rulesAreSetInTheFile() throws IOException {
    write("migrations/V2__mail.sql", "ALTER TABLE users RENAME COLUMN email TO mail;");
    write("halcyon.toml", "[lint]\nfor = \"mariadb-10.6\"\n[lint.rules]\nH102 = \"error\"\n");

    assertThat(shell().run("halcyon lint").status()).isEqualTo(1);
    assertThat(shell().run("halcyon lint --rules H102=off").out()).startsWith("no findings");
    write("halcyon.toml", "[lint.rules]\nH999 = \"error\"\n");
    var wrong = shell().run("halcyon lint --for oracle-23");
    assertThat(wrong.status()).isEqualTo(78);
    assertThat(wrong.err()).contains("there is no rule H999").contains("oracle-23");
  }

  @Test
  void sinceLooksAtWhatABranchHasChanged() throws Exception {
    write("migrations/V5__five.sql", "CREATE TABLE five (id INT PRIMARY KEY);");
    git("init", "-q", "-b", "main");
    git("add", ".");
    git("commit", "-q", "-m", "first");
    git("checkout", "-q", "-b", "work");
    write("migrations/V6__a.sql", "ALTER TABLE users RENAME COLUMN email TO mail;");
    git("add", ".");
    git("commit", "-q", "-m", "second");
    write("migrations/V4__late.sql", "CREATE TABLE late (id INT PRIMARY KEY);");
    write(
        "migrations/V1__users.sql",
        "CREATE TABLE users (id INT PRIMARY KEY, email VARCHAR(99) NOT NULL);");

    var result = shell().run("halcyon lint --since main");

    assertThat(result.status()).isEqualTo(1);
    assertThat(result.out())
        .contains("migrations/V1__users.sql:1:1: error H603")
        .contains("migrations/V4__late.sql:1:1: error H603: V4 comes behind V5")
        .contains("migrations/V6__a.sql:1:19: information H102")
        .doesNotContain("V5__five.sql:")
        .endsWith("in 3 files\n");
  }

  @Test
  void sinceSaysWhatIsMissing() throws Exception {
    assertThat(shell().run("halcyon lint --since main").err())
        .contains("--since")
        .contains("not a git repository");
    git("init", "-q", "-b", "main");
    var result = shell().run("halcyon lint --since nowhere");
    assertThat(result.status()).isEqualTo(78);
    assertThat(result.err()).contains("nowhere");
  }

  @Test
  void queriesAreHeldAgainstTheChanges() throws IOException {
    write("migrations/V2__mail.sql", "ALTER TABLE users RENAME COLUMN email TO mail;");
    write("app/users.sql", "SELECT id FROM users;\nSELECT id, email FROM users WHERE id = ?;\n");

    var result = shell().run("halcyon lint V2 --queries app/users.sql");

    assertThat(result.status()).isEqualTo(1);
    assertThat(result.out())
        .startsWith("app/users.sql:2:12: error H503: users.email goes away with contract of V2")
        .endsWith("1 error in 1 file\n");
    assertThat(shell().run("halcyon lint V1 --queries app/users.sql").status()).isZero();
    assertThat(shell().run("halcyon lint --queries gone.sql").err()).contains("HAL-201");
  }

  /** The lines that the page gives for pipelines, as they stand there. */
  @Test
  void theLinesForPipelinesDoWhatThePageSays() throws Exception {
    String page = Files.readString(Path.of("docs/commands/lint.md"));
    git("init", "-q", "-b", "main");
    git("add", ".");
    git("commit", "-q", "-m", "first");
    git("update-ref", "refs/remotes/origin/main", "HEAD");
    write("migrations/V2__locale.sql", "ALTER TABLE users ADD COLUMN locale CHAR(5) NOT NULL;");
    git("add", ".");

    var hook = shell().run(line(page, "entry: (halcyon .*)"));
    var github = shell().run(line(page, "- run: (halcyon .*)"));
    var gitlab = shell().run(line(page, "- (halcyon [^>]*) > quality.json"));
    git("commit", "-q", "-m", "second");
    var after = shell().run(line(page, "entry: (halcyon .*)"));

    assertThat(hook.status()).isEqualTo(1);
    assertThat(hook.out()).contains("V2__locale.sql:1:19: error H101").endsWith("in 1 file\n");
    assertThat(github.status()).isEqualTo(1);
    assertThat(github.out()).startsWith("::error file=migrations/V2__locale.sql,line=1,col=19,");
    assertThat(new JsonMapper().readTree(gitlab.out()).at("/0/check_name").asString())
        .isEqualTo("H101");
    assertThat(after.status()).isZero();
  }

  private static String line(String page, String pattern) {
    var found = Pattern.compile(pattern).matcher(page);
    assertThat(found.find()).describedAs(pattern).isTrue();
    return found
        .group(1)
        .replace("$GITHUB_BASE_REF", "main")
        .replace("$CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main");
  }

  @Test
  void everyFormatIsPrinted() throws IOException {
    write("migrations/V2__locale.sql", "ALTER TABLE users ADD COLUMN locale CHAR(5) NOT NULL;");

    for (LintFormat format : LintFormat.values()) {
      var result = shell().run("halcyon lint --format " + format);

      assertThat(result.status()).describedAs(format.toString()).isEqualTo(1);
      assertThat(result.out()).contains("H101");
      assertThat(result.err()).isEmpty();
    }
  }

  @Test
  void misuseSaysWhatThereIs() {
    assertThat(shell().run("halcyon lint --format xml").err()).contains("text");
    assertThat(shell().run("halcyon lint V9").status()).isEqualTo(64);
    assertThat(shell().run("halcyon lint --migrations gone").err()).contains("HAL-201");
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void git(String... arguments) throws IOException, InterruptedException {
    var line =
        new ArrayList<>(List.of("git", "-c", "user.name=t", "-c", "user.email=t@example.org"));
    line.addAll(List.of(arguments));
    var process =
        new ProcessBuilder(line).directory(folder.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).describedAs(output).isZero();
  }

  private Shell shell() {
    return new Shell(folder, Map.of());
  }
}
