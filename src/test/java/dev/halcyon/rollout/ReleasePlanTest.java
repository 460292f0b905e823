package dev.halcyon.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.rollout.Release.Party;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReleasePlanTest {
  @Test
  void forwardFromTheExpansionToTheEndOfTheOldVersion() {
    assertThat(ids(ReleasePlan.forward(release("start", "stop", true))))
        .containsExactly(
            "expand",
            "traffic.0",
            "start",
            "ready",
            "smoke",
            "traffic.5",
            "watch.5",
            "traffic.100",
            "watch.100",
            "smoke-through",
            "drain",
            "stop",
            "contract");
    assertThat(ids(ReleasePlan.forward(release(null, null, false))))
        .containsExactly(
            "expand",
            "traffic.0",
            "ready",
            "smoke",
            "traffic.5",
            "watch.5",
            "traffic.100",
            "watch.100",
            "smoke-through",
            "drain");
  }

  @Test
  void backOnlyWhatTheWayThereHasTouched() {
    var release = release("start", "stop", false);
    assertThat(ReleasePlan.back(release, Set.of("expand"))).isEmpty();
    assertThat(ids(ReleasePlan.back(release, Set.of("expand", "traffic.0"))))
        .containsExactly("traffic.0", "drain");
    assertThat(ids(ReleasePlan.back(release, Set.of("traffic.0", "start", "ready", "traffic.5"))))
        .containsExactly("traffic.0", "drain", "stop");
    assertThat(ids(ReleasePlan.back(release, Set.of("traffic.0", "start", "ready", "stop"))))
        .containsExactly("start", "ready", "traffic.0", "drain", "stop");
  }

  @Test
  void usersHaveMovedFromTheFirstPercentOn() {
    assertThat(ReleasePlan.moved(Set.of("expand", "traffic.0", "smoke"))).isFalse();
    assertThat(ReleasePlan.moved(Set.of("traffic.0", "traffic.5"))).isTrue();
  }

  @Test
  void jsonPathsNameOneValue() {
    assertThat(JsonPath.parse("$.users[0].first-name").orElseThrow())
        .hasToString("/users/0/first-name");
    assertThat(JsonPath.parse("$").orElseThrow()).hasToString("");
    assertThat(JsonPath.parse("users")).isEmpty();
    assertThat(JsonPath.parse("$.users[*]")).isEmpty();
    assertThat(JsonPath.parse("$..name")).isEmpty();
  }

  private static List<String> ids(List<ReleaseStep> steps) {
    return steps.stream().map(ReleaseStep::id).toList();
  }

  private static Release release(@Nullable String start, @Nullable String stop, boolean contract) {
    var expected = new SmokeTest.Expected(200, Map.of(), Map.of(), List.of());
    return new Release(
        Path.of(""),
        List.of(),
        party("1", start, stop),
        party("2", start, stop),
        new Release.Commands("true", null, null),
        new Release.Traffic(
            List.of(5, 100), Duration.ofSeconds(1), URI.create("http://127.0.0.1:1")),
        List.of(
            new SmokeTest.Http("a", "GET", "/", Map.of(), null, expected, Duration.ofSeconds(1))),
        new Release.Vigil(Duration.ofSeconds(1), Duration.ofSeconds(1), List.of()),
        Duration.ofSeconds(1),
        contract);
  }

  private static Party party(String name, @Nullable String start, @Nullable String stop) {
    return new Party(name, List.of(), null, start, stop, null);
  }
}
