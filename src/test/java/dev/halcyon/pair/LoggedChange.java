package dev.halcyon.pair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.model.Version;
import dev.halcyon.mysql.Link;
import dev.halcyon.pair.judge.Mode;
import dev.halcyon.progress.Events;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * A change in the binary log of the passive server: the other one applies nothing until it is to
 * have it, too. The pair ends as it began, and both servers have the change.
 */
final class LoggedChange {
  private static final Expansion.Order CHANGE =
      new Expansion.Order(
          Version.parse("11.5"),
          "logged",
          "",
          List.of("ALTER TABLE spare ADD COLUMN later INT NOT NULL DEFAULT 7"));

  private final Stage stage;

  LoggedChange(Stage stage) {
    this.stage = stage;
  }

  void act() throws InterruptedException {
    stage
        .servers()
        .execute(
            "a",
            "CREATE TABLE ledger.spare (id INT PRIMARY KEY)",
            "INSERT INTO ledger.spare VALUES (1)");
    stage.servers().awaitApplied("b", Duration.ofSeconds(20));
    isGivenUp();
    isTakenBack();
    isMade();
  }

  private void isGivenUp() throws InterruptedException {
    dies(Expansion::expand, 4);
    assertThat(applies("a")).isFalse();

    assertThat(withdrawal().withdraw().orElseThrow()).contains("given up");

    assertThat(applies("a")).isTrue();
  }

  /** What it has logged is never executed on the other server. */
  private void isTakenBack() throws InterruptedException {
    expanded();
    assertThatThrownBy(() -> withdrawal().withdraw()).hasMessageContaining("b has V11.5");
    stage.unlogged("b", "ALTER TABLE ledger.spare DROP COLUMN later");

    assertThat(withdrawal().withdraw().orElseThrow()).contains("was taken back");

    assertThat(applies("a")).isTrue();
    var _ = stage.switchover().next();
    var _ = stage.switchover().back();
    assertThat(columns("a")).isEqualTo("1");
  }

  private void isMade() throws InterruptedException {
    expanded();
    var _ = stage.switchover().next();
    stage.requireActive("b");
    stage.servers().execute("b", "INSERT INTO ledger.spare VALUES (2, 9)");
    assertThatThrownBy(() -> stage.switchover().back())
        .hasMessageContaining("a applies nothing of b until it has it");
    assertThatThrownBy(() -> withdrawal().withdraw()).isInstanceOf(RuntimeException.class);
    assertThat(columns("a")).isEqualTo("1");

    dies(Expansion::finish, 4);
    var report = logged(0).finish();

    assertThat(report).isEqualTo(new Expansion.Report("a", 1, 0, ""));
    assertThat(columns("a")).isEqualTo("2");
    assertThat(
            stage.servers().value("a", "SELECT GROUP_CONCAT(later ORDER BY id) FROM ledger.spare"))
        .isEqualTo("7,9");
    var _ = stage.switchover().back();
    stage.requireActive("a");
  }

  private void expanded() {
    assertThat(logged(0).expand()).isEqualTo(new Expansion.Report("b", 1, 0, "a"));
    assertThat(applies("a")).isFalse();
    assertThat(columns("a")).isEqualTo("1");
    assertThat(columns("b")).isEqualTo("2");
  }

  private boolean applies(String server) {
    try (var session = stage.servers().pair("ledger").member(server).open("test")) {
      return Link.into(session).stream().allMatch(Link::applying);
    }
  }

  private String columns(String server) {
    return String.valueOf(
        stage
            .servers()
            .value(
                server,
                "SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = 'ledger'"
                    + " AND table_name = 'spare'"));
  }

  private void dies(Function<Expansion, Expansion.Report> command, int deadline) {
    assertThatThrownBy(() -> command.apply(logged(deadline))).isInstanceOf(Death.class);
  }

  private Expansion logged(int deadline) {
    return stage.expansion(CHANGE, Mode.LOGGED, count -> Death.at(count, deadline));
  }

  private Withdrawal withdrawal() {
    return new Withdrawal(stage.servers().pair("ledger"), Events.NONE, _ -> {});
  }
}
