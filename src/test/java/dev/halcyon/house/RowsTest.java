package dev.halcyon.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A package uses only the rows below its own; packages of one row never meet. */
class RowsTest {
  private static final String ROOT = "dev.halcyon";

  /** Row 0 first. Packages that are yet to come stand here too. */
  private static final List<List<String>> ROWS =
      List.of(
          List.of("model", "progress"),
          List.of("sql"),
          List.of("lint", "plan"),
          List.of("mysql", "embedded", "balancer"),
          List.of("verify", "journal", "binlog", "proxy", "usage"),
          List.of("backfill", "rebuild", "pair", "rollout"),
          List.of("deploy"),
          List.of("demo", "web"),
          List.of("cli"));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPath(Path.of(System.getProperty("halcyon.test.classes", "target/classes")));

  @Test
  void everyPackageHasARow() {
    var known = new TreeSet<String>();
    ROWS.forEach(row -> row.forEach(name -> known.add(ROOT + "." + name)));

    assertThat(CLASSES.stream().map(RowsTest::topPackage).distinct()).isSubsetOf(known);
  }

  @Test
  void packagesUseOnlyRowsBelow() {
    forbidden().forEach((from, to) -> rule(from + "..", to).check(CLASSES));
  }

  /** The proxy's own rows: wire, login, sessions. */
  @Test
  void proxyPackagesUseOnlyRowsBelow() {
    var proxy = ROOT + ".proxy";
    rule(proxy + ".wire", proxy, proxy + ".login").check(CLASSES);
    rule(proxy + ".login", proxy).check(CLASSES);
    rule(proxy + ".digest", proxy, proxy + ".login", proxy + ".wire").check(CLASSES);
  }

  @Test
  void packagesFormNoCycles() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void onlyMysqlSpeaksJdbc() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".mysql")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql", "javax.sql", "org.mariadb.jdbc..")
        .check(CLASSES);
  }

  @Test
  void lowRowsNeitherReadNorWriteNorLog() {
    noClasses()
        .that()
        .resideInAnyPackage(lowRows())
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.io",
            "java.nio.file..",
            "java.nio.channels..",
            "java.net..",
            "org.slf4j..",
            "java.util.logging..")
        .check(CLASSES);
  }

  @Test
  void lowRowsReadNoClockAndNoChance() {
    var rule = noClasses().that().resideInAnyPackage(lowRows()).should();
    rule.callMethod(System.class, "currentTimeMillis").check(CLASSES);
    rule.callMethod(System.class, "nanoTime").check(CLASSES);
    rule.callMethod(java.time.Instant.class, "now").check(CLASSES);
    rule.callMethod(java.time.LocalDateTime.class, "now").check(CLASSES);
    rule.callMethod(java.time.LocalDate.class, "now").check(CLASSES);
    rule.dependOnClassesThat()
        .belongToAnyOf(java.time.Clock.class, java.util.Random.class, java.util.UUID.class)
        .check(CLASSES);
    rule.dependOnClassesThat()
        .haveFullyQualifiedName("java.util.concurrent.ThreadLocalRandom")
        .check(CLASSES);
  }

  private static ArchRule rule(String from, String... to) {
    return noClasses()
        .that()
        .resideInAPackage(from)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(to)
        .allowEmptyShould(true);
  }

  /** For each package the packages of its own row, itself aside, and of the rows above. */
  private static Map<String, String[]> forbidden() {
    var all = new LinkedHashMap<String, String[]>();
    for (int row = 0; row < ROWS.size(); row++) {
      for (String name : ROWS.get(row)) {
        all.put(
            ROOT + "." + name,
            ROWS.subList(row, ROWS.size()).stream()
                .flatMap(List::stream)
                .filter(other -> !other.equals(name))
                .map(other -> ROOT + "." + other + "..")
                .toArray(String[]::new));
      }
    }
    all.values().removeIf(to -> to.length == 0);
    return all;
  }

  /** A package below another has its row. */
  private static String topPackage(JavaClass type) {
    var names = type.getPackageName().split("\\.", -1);
    return String.join(".", Arrays.copyOf(names, Math.min(3, names.length)));
  }

  private static String[] lowRows() {
    return ROWS.subList(0, 3).stream()
        .flatMap(List::stream)
        .map(name -> ROOT + "." + name)
        .toArray(String[]::new);
  }
}
