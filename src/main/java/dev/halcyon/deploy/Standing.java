package dev.halcyon.deploy;

import dev.halcyon.plan.Delta;
import dev.halcyon.plan.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How far a sequence of schema statements has come, told by the schema itself: after {@code k} of
 * them each element has the text that the last statement among those left, or that the first one
 * behind them found.
 */
final class Standing {
  private final List<List<Delta>> statements;

  Standing(List<List<Delta>> statements) {
    this.statements = List.copyOf(statements);
  }

  /** The schema statements of these steps, in order. */
  static Standing of(List<Step> steps) {
    return new Standing(steps.stream().flatMap(step -> deltas(step).stream()).toList());
  }

  /** What each schema statement of a step changes. */
  static List<List<Delta>> deltas(Step step) {
    return switch (step) {
      case Step.Ddl ddl -> List.of(ddl.delta());
      case Step.Rebuild rebuild -> List.of(rebuild.delta());
      case Step.Locked locked -> locked.parts().stream().map(Step.Locked.Part::delta).toList();
      case Step.Backfill backfill -> List.of();
      case Step.Data data -> List.of();
      case Step.Verify verify -> List.of();
      case Step.Gate gate -> List.of();
    };
  }

  /** All elements that the statements change. */
  Set<String> elements() {
    return statements.stream()
        .flatMap(List::stream)
        .map(Delta::element)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * How many of the statements have taken effect: the fewest that explain the schema, since what
   * leaves no trace may be repeated. Empty when none does.
   */
  OptionalInt done(Map<String, String> actual) {
    for (var k = 0; k <= statements.size(); k++) {
      if (holds(k, actual)) {
        return OptionalInt.of(k);
      }
    }
    return OptionalInt.empty();
  }

  /** Whether the schema is as after the first {@code k} statements. */
  boolean holds(int k, Map<String, String> actual) {
    return expected(k).entrySet().stream()
        .allMatch(e -> Objects.equals(e.getValue(), actual.get(e.getKey())));
  }

  /** Whether each element has a text that the other statements find or leave. */
  boolean withinStatesOf(Standing others, Map<String, String> actual) {
    return elements().stream()
        .allMatch(
            element ->
                others.statements.stream()
                    .flatMap(List::stream)
                    .filter(delta -> delta.element().equals(element))
                    .flatMap(delta -> Stream.of(text(delta.before()), text(delta.after())))
                    .anyMatch(text(actual.get(element))::equals));
  }

  /** What the last statement that changes an element leaves of it; empty when it drops it. */
  Optional<String> end(String element) {
    return text(expected(statements.size()).get(element));
  }

  /** For people: each element that is neither as before all nor as after all of them. */
  List<String> differences(Map<String, String> actual) {
    var before = expected(0);
    var after = expected(statements.size());
    var lines = new ArrayList<String>();
    for (var element : elements()) {
      var now = actual.get(element);
      if (Objects.equals(now, before.get(element)) && Objects.equals(now, after.get(element))) {
        continue;
      }
      lines.add(
          "%s: before %s, after %s, now %s"
              .formatted(
                  element, shown(before.get(element)), shown(after.get(element)), shown(now)));
    }
    return lines;
  }

  private Map<String, @Nullable String> expected(int k) {
    var texts = new LinkedHashMap<String, @Nullable String>();
    for (var i = 0; i < statements.size(); i++) {
      for (var delta : statements.get(i)) {
        if (i < k) {
          texts.put(delta.element(), delta.after());
        } else if (!texts.containsKey(delta.element())) {
          texts.put(delta.element(), delta.before());
        }
      }
    }
    return texts;
  }

  private static Optional<String> text(@Nullable String text) {
    return Optional.ofNullable(text);
  }

  private static String shown(@Nullable String text) {
    return text == null ? "absent" : "\"" + text + "\"";
  }
}
