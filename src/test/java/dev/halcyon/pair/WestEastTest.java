package dev.halcyon.pair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.model.Engine;
import dev.halcyon.model.Refusal;
import dev.halcyon.model.Version;
import dev.halcyon.mysql.Link;
import dev.halcyon.testing.EngineTest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/**
 * A quarterly deployment on two servers that are both written to, each with a web application of
 * its own: the way that is often taken stops replication; by a funnel nobody notices anything.
 */
class WestEastTest {
  private static final Expansion.Order STRUCTURE =
      new Expansion.Order(
          Version.parse("12"),
          "subtitle",
          "",
          List.of("ALTER TABLE page ADD COLUMN subtitle VARCHAR(40)"));

  /** In their order: of the funnel, and of the way back. */
  private static final int FUNNEL_WRITES = 7;

  private static final int RETURN_WRITES = 8;

  @EngineTest
  @Timeout(180)
  void deploymentByAFunnelDisturbsNobodyAndTheUsualOneBreaks(Engine engine) throws Exception {
    try (var stage = WestEast.start(engine)) {
      stage.requireAtHome();
      assertThatThrownBy(() -> stage.funnel(_ -> {}).back()).hasMessageContaining("both writable");
      dies(stage, true, 5);
      var _ = stage.funnel(_ -> {}).to("b");
      stage.require("b", "b", "b", "b", "b");

      deploy(stage);

      dies(stage, false, 6);
      var back = stage.funnel(_ -> {}).back();
      assertThat(back.proxies()).containsExactly("east");
      stage.requireAtHome();
      stage.requireUndisturbed();
      assertThat(pages(stage, "a")).isEqualTo(pages(stage, "b")).isEqualTo("news");
      theUsualWayBreaks(stage);
    }
  }

  @EngineTest
  @Tag("chaos")
  @Timeout(300)
  void whoeverDiesAnywhereIsTakenUpOrGivenUp(Engine engine) throws Exception {
    try (var stage = WestEast.start(engine)) {
      for (int write = 1; write < FUNNEL_WRITES; write++) {
        dies(stage, true, write);
        if (write % 2 == 0) {
          assertThat(stage.funnel(_ -> {}).settle()).isPresent();
          assertThat(stage.funnel(_ -> {}).settle()).isEmpty();
        }
        var _ = funnelled(stage);
        stage.require("b", "b", "b", "b", "b");
        var _ = stage.funnel(_ -> {}).back();
        stage.requireAtHome();
      }
      for (int write = 1; write < RETURN_WRITES; write++) {
        var _ = stage.funnel(_ -> {}).to("a");
        stage.require("a", "a", "a", "a", "a");
        dies(stage, false, write);
        if (write % 2 == 0) {
          assertThat(stage.funnel(_ -> {}).settle()).isPresent();
        }
        given(stage);
        stage.requireAtHome();
      }
      stage.requireUndisturbed();
    }
  }

  /** What was done already when it was given up needs nothing done. */
  private static boolean funnelled(WestEast stage) throws InterruptedException {
    try {
      return stage.funnel(_ -> {}).to("b").to().equals("b");
    } catch (Refusal done) {
      assertThat(done).hasMessageContaining("All clients are at b");
      return false;
    }
  }

  private static void given(WestEast stage) throws InterruptedException {
    try {
      assertThat(stage.funnel(_ -> {}).back().to()).isEqualTo("b");
    } catch (Refusal done) {
      assertThat(done).hasMessageContaining("both writable");
    }
  }

  private static void dies(WestEast stage, boolean there, int deadline) {
    var funnel = stage.funnel(count -> Death.at(count, deadline));
    assertThatThrownBy(() -> perform(funnel, there)).isInstanceOf(Death.class);
  }

  private static void perform(Funnel funnel, boolean there) throws InterruptedException {
    var _ = there ? funnel.to("b") : funnel.back();
  }

  /** Structure on each server while nobody is there, content once. */
  private static void deploy(WestEast stage) throws InterruptedException {
    var _ = stage.expansion(STRUCTURE).expand();
    stage.servers().execute("b", "INSERT INTO ledger.page (name) VALUES ('news')");
    var _ = stage.switchover().next();
    stage.require("a", "a", "a", "a", "a");
    stage
        .servers()
        .execute(
            "a",
            "INSERT INTO ledger.page (name, subtitle) VALUES ('news', 'of today')"
                + " ON DUPLICATE KEY UPDATE subtitle = VALUES(subtitle)");
    assertThatThrownBy(() -> stage.funnel(_ -> {}).back()).hasMessageContaining("a has V12");
    var _ = stage.expansion(STRUCTURE).finish();
  }

  /** By the steps of the question; users write in the east. */
  private static void theUsualWayBreaks(WestEast stage) throws InterruptedException {
    var servers = stage.servers();
    var mariaDb = servers.server("a").engine() == Engine.MARIADB;
    servers.execute(
        "a",
        "CREATE TABLE ledger.menu (id INT AUTO_INCREMENT PRIMARY KEY, entry VARCHAR(40))",
        "CREATE TABLE ledger.topic (name VARCHAR(40) PRIMARY KEY)");
    servers.awaitApplied("b", Duration.ofSeconds(20));
    // 1: all traffic to the east. 2: the east's slave is stopped. 3: deployment in the west.
    servers.execute("b", mariaDb ? "STOP SLAVE" : "STOP REPLICA");
    servers.execute(
        "a",
        "ALTER TABLE ledger.menu ADD COLUMN link VARCHAR(40)",
        "INSERT INTO ledger.menu (entry) VALUES ('home')",
        "INSERT INTO ledger.topic VALUES ('sports')");
    // 4: all traffic to the west. 5: the east's slave is started. 6: the same in the east.
    servers.execute("b", mariaDb ? "START SLAVE" : "START REPLICA");
    servers.awaitApplied("b", Duration.ofSeconds(20));
    assertThatThrownBy(
            () -> servers.execute("b", "ALTER TABLE ledger.menu ADD COLUMN link VARCHAR(40)"))
        .rootCause()
        .hasMessageContaining("Duplicate column name 'link'");
    servers.execute("b", "INSERT INTO ledger.menu (entry) VALUES ('home')");
    servers.awaitApplied("a", Duration.ofSeconds(20));
    assertThat(servers.value("a", "SELECT COUNT(*) FROM ledger.menu WHERE entry = 'home'"))
        .as("content that was deployed once for each side")
        .isEqualTo("2");
    // Around step 3: users in the east write what is being deployed in the west.
    servers.execute("b", mariaDb ? "STOP SLAVE" : "STOP REPLICA");
    servers.execute("a", "INSERT INTO ledger.topic VALUES ('music')");
    servers.execute("b", "INSERT INTO ledger.topic VALUES ('music')");
    awaitError(stage, "a", "1062");
  }

  private static void awaitError(WestEast stage, String server, String code)
      throws InterruptedException {
    try (var session = stage.servers().pair("ledger").member(server).open("test")) {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (Link.into(session).stream().noneMatch(link -> link.error().contains(code))) {
        assertThat(System.nanoTime()).as("%s on %s", code, server).isLessThan(end);
        TimeUnit.MILLISECONDS.sleep(20);
      }
    }
  }

  private static String pages(WestEast stage, String server) {
    return String.valueOf(
        stage.servers().value(server, "SELECT GROUP_CONCAT(name) FROM ledger.page"));
  }
}
