package dev.halcyon.proxy.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;

class GtidPositionTest {
  private static final String SOURCE = "3e11fa47-71ca-11e1-9e33-c80aa9429562";

  @Test
  void mySqlSetsAreComparedRangeByRange() {
    assertThat(mySqlCovers("", "")).isTrue();
    assertThat(mySqlCovers(SOURCE + ":1-5", "")).isTrue();
    assertThat(mySqlCovers("", SOURCE + ":1")).isFalse();
    assertThat(mySqlCovers(SOURCE + ":1-5:7-9", SOURCE + ":2-5:8")).isTrue();
    assertThat(mySqlCovers(SOURCE + ":1-5:7-9", SOURCE + ":4-8")).isFalse();
    assertThat(mySqlCovers(SOURCE + ":1-5", SOURCE.replace('3', '4') + ":1")).isFalse();
    assertThat(mySqlCovers(SOURCE.toUpperCase(Locale.ROOT) + ":1-5,\n" + "a:1", SOURCE + ":5,a:1"))
        .isTrue();
  }

  @Test
  void mySqlTagsAreSourcesOfTheirOwn() {
    assertThat(mySqlCovers(SOURCE + ":1-5:tag:1-9", SOURCE + ":tag:9")).isTrue();
    assertThat(mySqlCovers(SOURCE + ":1-5:tag:1-9", SOURCE + ":9")).isFalse();
  }

  @Test
  void mariaDbPositionsAreComparedDomainByDomain() {
    assertThat(mariaDbCovers("0-1-100,1-2-5", "0-2-100")).isTrue();
    assertThat(mariaDbCovers("0-1-100", "0-1-101")).isFalse();
    assertThat(mariaDbCovers("0-1-100", "0-1-100,1-2-1")).isFalse();
    assertThat(mariaDbCovers("0-1-99,0-2-101", "0-1-101")).isTrue();
    assertThat(mariaDbCovers("", "")).isTrue();
  }

  private static boolean mySqlCovers(String has, String other) {
    return GtidPosition.ofMySql(has).covers(GtidPosition.ofMySql(other));
  }

  private static boolean mariaDbCovers(String has, String other) {
    return GtidPosition.ofMariaDb(has).covers(GtidPosition.ofMariaDb(other));
  }
}
