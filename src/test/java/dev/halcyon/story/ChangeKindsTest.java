package dev.halcyon.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.deploy.Deployment;
import dev.halcyon.model.ExitStatus;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every kind of change goes expand, rollback, expand, contract while the old application writes,
 * and the new one from expand on: no statement fails, the shapes agree in the window, a rollback
 * leaves the schema as it was, and contract leaves what the plain statements would have made of it.
 */
class ChangeKindsTest {
  private static final int SOME = 60;
  private static final long SEED = Long.getLong("halcyon.test.seed", System.nanoTime());

  @TempDir Path migrations;

  @EngineTest
  void addColumnNullable(Database database) {
    survives(database, "add-column-nullable");
  }

  @EngineTest
  void addColumnDefault(Database database) {
    survives(database, "add-column-default");
  }

  @EngineTest
  void addColumnFillConstant(Database database) {
    survives(database, "add-column-fill-constant");
  }

  @EngineTest
  void addColumnFillExpression(Database database) {
    survives(database, "add-column-fill-expression");
  }

  @EngineTest
  void renameColumn(Database database) {
    survives(database, "rename-column");
  }

  @EngineTest
  void renameColumnNullable(Database database) {
    survives(database, "rename-column-nullable");
  }

  @EngineTest
  void renameColumnForeignKey(Database database) {
    survives(database, "rename-column-foreign-key");
  }

  @EngineTest
  void renameColumnDependents(Database database) {
    survives(database, "rename-column-dependents");
  }

  @EngineTest
  void changeType(Database database) {
    survives(database, "change-type");
  }

  @EngineTest
  void widenColumn(Database database) {
    survives(database, "widen-column");
  }

  @EngineTest
  void rebuild(Database database) {
    survives(database, "rebuild");
  }

  @EngineTest
  void rebuildAsWritten(Database database) {
    survives(database, "rebuild-as-written");
  }

  @EngineTest
  void narrowColumn(Database database) {
    survives(database, "narrow-column");
  }

  @EngineTest
  void nullToNotNull(Database database) {
    survives(database, "null-to-not-null");
  }

  @EngineTest
  void notNullToNull(Database database) {
    survives(database, "not-null-to-null");
  }

  @EngineTest
  void changeDefault(Database database) {
    survives(database, "change-default");
  }

  @EngineTest
  void dropColumn(Database database) {
    survives(database, "drop-column");
  }

  @EngineTest
  void dropTable(Database database) {
    survives(database, "drop-table");
  }

  @EngineTest
  void dropIndex(Database database) {
    survives(database, "drop-index");
  }

  @EngineTest
  void createTable(Database database) {
    survives(database, "create-table");
  }

  @EngineTest
  void createView(Database database) {
    survives(database, "create-view");
  }

  @EngineTest
  void renameTable(Database database) {
    survives(database, "rename-table");
  }

  @EngineTest
  void split(Database database) {
    survives(database, "split");
  }

  @EngineTest
  void merge(Database database) {
    survives(database, "merge");
  }

  @EngineTest
  void addIndex(Database database) {
    survives(database, "add-index");
  }

  @EngineTest
  void addUnique(Database database) {
    survives(database, "add-unique");
  }

  @EngineTest
  void addForeignKey(Database database) {
    survives(database, "add-foreign-key");
  }

  @EngineTest
  void addCheck(Database database) {
    survives(database, "add-check");
  }

  @EngineTest
  void data(Database database) {
    survives(database, "data");
  }

  @EngineTest
  void asWritten(Database database) {
    survives(database, "as-written");
  }

  @Test
  void everyCaseHasItsTest() {
    List<String> tested =
        Arrays.stream(ChangeKindsTest.class.getDeclaredMethods())
            .filter(m -> m.isAnnotationPresent(EngineTest.class))
            .map(Method::getName)
            .toList();
    assertThat(ChangeCase.names()).allSatisfy(name -> assertThat(tested).contains(camelCase(name)));
  }

  private void survives(Database database, String name) {
    var change = ChangeCase.of(name);
    var twin = Database.fresh(database.server());
    try (twin) {
      change.before().forEach(database::execute);
      change.before().forEach(twin::execute);
      change.plain().forEach(twin::execute);
      change.writeTo(migrations);
      Deployment deployment =
          Deployments.of(database, database.url(), migrations, change.copyRows(), writes -> {});
      assertThat(deployment.init().status()).isEqualTo(ExitStatus.DONE);
      var shapeBefore = Shapes.of(database);
      if (!change.isAsWritten()) {
        expandAndRollBack(database, change, deployment);
        assertThat(Shapes.of(database)).isEqualTo(shapeBefore);
      }
      expandAndContract(database, change, deployment);
      assertThat(Shapes.of(database)).isEqualTo(Shapes.of(twin));
    }
  }

  private static void expandAndRollBack(
      Database database, ChangeCase change, Deployment deployment) {
    try (var old = Application.start("old", database, change.old(), 2, SEED)) {
      old.work(SOME);
      assertThat(deployment.expand(List.of(), false).findings()).isEmpty();
      try (var renewed = Application.start("new", database, change.renewed(), 2, SEED + 7)) {
        renewed.work(SOME);
        renewed.stopWithoutErrors();
      }
      change.undo().forEach(database::execute);
      assertThat(deployment.rollback(List.of(), true).status()).isEqualTo(ExitStatus.DONE);
      old.work(SOME);
      old.stopWithoutErrors();
    }
  }

  private static void expandAndContract(
      Database database, ChangeCase change, Deployment deployment) {
    try (var old = Application.start("old", database, change.old(), 2, SEED + 1)) {
      old.work(SOME);
      assertThat(deployment.expand(List.of(), false).findings()).isEmpty();
      try (var renewed = Application.start("new", database, change.renewed(), 2, SEED + 9)) {
        renewed.work(SOME);
        old.work(SOME);
        old.stopWithoutErrors();
        for (String query : change.agree()) {
          assertThat(database.strings(query)).as(query).isEmpty();
        }
        assertThat(deployment.contract(List.of(), null).findings()).isEmpty();
        renewed.work(SOME);
        renewed.stopWithoutErrors();
      }
    }
  }

  private static String camelCase(String name) {
    var text = new StringBuilder();
    for (String word : name.split("-", -1)) {
      text.append(
          text.isEmpty()
              ? word
              : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
    }
    return text.toString();
  }
}
