package dev.halcyon.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class GrantsTest {
  @Test
  void aGlobalGrantHoldsEverywhere() {
    var grants = grants("GRANT SELECT, CREATE VIEW, PROCESS ON *.* TO `u`@`%`");
    assertThat(grants.on("any", "CREATE VIEW")).isTrue();
    assertThat(grants.on("any", "INSERT")).isFalse();
    assertThat(grants.global("PROCESS")).isTrue();
  }

  @Test
  void allPrivilegesAreAllOfThem() {
    assertThat(
            grants("GRANT ALL PRIVILEGES ON *.* TO 'root'@'%' WITH GRANT OPTION").global("SUPER"))
        .isTrue();
    var schema = grants("GRANT ALL PRIVILEGES ON `shop`.* TO `u`@`%`");
    assertThat(schema.on("shop", "TRIGGER")).isTrue();
    assertThat(schema.global("SUPER")).isFalse();
  }

  @Test
  void aPatternMatchesAsTheServerReadsIt() {
    var escaped = grants("GRANT CREATE ON `halcyon\\_scratch\\_%`.* TO `u`@`%`");
    assertThat(escaped.on("halcyon_scratch_7", "CREATE")).isTrue();
    assertThat(escaped.on("halcyonXscratch_7", "CREATE")).isFalse();
    var loose = grants("GRANT CREATE ON `shop_1`.* TO `u`@`%`");
    assertThat(loose.on("shopX1", "CREATE")).isTrue();
    assertThat(loose.on("shop.1", "CREATE")).isTrue();
    assertThat(loose.on("shop", "CREATE")).isFalse();
  }

  @Test
  void theMostSpecificPatternOfAGranteeCountsAlone() {
    var grants =
        grants(
            "GRANT SELECT, INSERT ON `s%`.* TO `u`@`%`",
            "GRANT SELECT ON `shop`.* TO `u`@`%`", "GRANT TRIGGER ON `s%`.* TO `r`@`%`");
    assertThat(grants.on("shop", "INSERT")).isFalse();
    assertThat(grants.on("shop", "SELECT")).isTrue();
    assertThat(grants.on("shop", "TRIGGER")).isTrue();
    assertThat(grants.on("store", "INSERT")).isTrue();
  }

  @Test
  void partialRevokesTakeAway() {
    var grants =
        Grants.parse(
            List.of(
                "GRANT SELECT, INSERT ON *.* TO `u`@`%`",
                "REVOKE INSERT ON `shop`.* FROM `u`@`%`", "GRANT CREATE ON `a_b`.* TO `u`@`%`"),
            false);
    assertThat(grants.on("shop", "INSERT")).isFalse();
    assertThat(grants.on("shop", "SELECT")).isTrue();
    assertThat(grants.on("other", "INSERT")).isTrue();
    assertThat(grants.on("a_b", "CREATE")).isTrue();
    assertThat(grants.on("aXb", "CREATE")).isFalse();
  }

  @Test
  void whatIsNotAboutSchemasIsLeftOut() {
    var grants =
        grants(
            "GRANT USAGE ON *.* TO `u`@`%` IDENTIFIED BY PASSWORD '*AA'",
            "GRANT PROXY ON ''@'' TO 'root'@'localhost' WITH GRANT OPTION",
            "GRANT `r`@`%` TO `u`@`%`",
            "GRANT SELECT, INSERT (`a`) ON `shop`.`orders` TO `u`@`%`",
            "GRANT EXECUTE ON PROCEDURE `shop`.`p` TO `u`@`%`");
    assertThat(grants.on("shop", "SELECT")).isFalse();
    assertThat(grants.global("USAGE")).isTrue();
  }

  private static Grants grants(String... lines) {
    return Grants.parse(List.of(lines), true);
  }
}
