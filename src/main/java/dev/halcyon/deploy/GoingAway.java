package dev.halcyon.deploy;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Phase;
import dev.halcyon.mysql.StoredText;
import dev.halcyon.plan.Delta;
import dev.halcyon.plan.Plan;
import dev.halcyon.sql.Expressions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The columns and tables that a phase of a plan takes away, and who names them still. A plan is
 * stored when its window opens; views and programs may come or change until the window closes.
 */
final class GoingAway {
  private final String what;
  private final Set<String> columns = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
  private final Set<String> tables = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

  /** What each object of the plan may look like, before, between and after its steps. */
  private final Map<String, Set<String>> planned = new LinkedHashMap<>();

  GoingAway(Plan plan, Phase phase) {
    this.what = phase.label() + " of " + plan.version();
    var last = new LinkedHashMap<String, @Nullable String>();
    for (var step : plan.steps(phase)) {
      for (List<Delta> statement : Standing.deltas(step)) {
        for (var delta : statement) {
          last.put(delta.element(), delta.after());
          var texts = planned.computeIfAbsent(delta.element(), e -> new TreeSet<>());
          Optional.ofNullable(delta.before()).ifPresent(texts::add);
          Optional.ofNullable(delta.after()).ifPresent(texts::add);
        }
      }
    }
    last.forEach(
        (element, text) -> {
          if (text == null) {
            note(element);
          }
        });
    // A view that gives way to the table of its name, or the other way round, is no loss; and what
    // a table takes along, its own triggers know by the table's name.
    last.forEach(
        (element, text) -> {
          if (text != null && (element.startsWith("table ") || element.startsWith("view "))) {
            tables.remove(element.substring(element.indexOf(' ') + 1));
          }
        });
    columns.removeIf(column -> tables.contains(column.substring(0, column.indexOf('.'))));
  }

  private void note(String element) {
    var space = element.indexOf(' ');
    var name = element.substring(space + 1);
    switch (element.substring(0, space)) {
      case "column" -> columns.add(name);
      case "table", "view" -> tables.add(name);
      default -> {}
    }
  }

  /** {@code table} and {@code table.column}, Halcyon's own left out. */
  Set<String> names() {
    var names = new TreeSet<>(columns);
    names.addAll(tables);
    names.removeIf(name -> name.startsWith("hal_") || name.contains(".hal_"));
    return names;
  }

  /** The views and triggers that steps of the plan make, redefine or drop. */
  Set<String> seenTo() {
    return elements().stream()
        .map(element -> element.substring(element.indexOf(' ') + 1))
        .collect(Collectors.toUnmodifiableSet());
  }

  boolean isEmpty() {
    return columns.isEmpty() && tables.isEmpty();
  }

  /** Those that would be left broken, and that no step of the plan sees to. */
  List<Finding> stillNamed(List<StoredText> texts, Map<String, String> actual) {
    var findings = new ArrayList<Finding>();
    for (var text : texts) {
      var element = text.kind().word() + " " + text.name();
      var known = planned.get(element);
      if (text.name().startsWith("hal_")
          || (known != null && known.contains(actual.getOrDefault(element, "")))) {
        continue;
      }
      named(text).ifPresent(name -> findings.add(finding(text, name, known != null)));
    }
    return findings;
  }

  /**
   * The schema's texts, in which a view counts as redefined when somebody else has done it: it has
   * a text of its own that names nothing that goes away.
   */
  Map<String, String> settled(Standing standing, Map<String, String> actual) {
    var all = new LinkedHashMap<>(actual);
    actual.forEach(
        (element, text) -> {
          if (element.startsWith("view ")
              && !planned.getOrDefault(element, Set.of(text)).contains(text)
              && named(view(element, text)).isEmpty()) {
            standing.end(element).ifPresent(end -> all.put(element, end));
          }
        });
    return all;
  }

  /** The objects of the plan that a text is kept of. */
  Set<String> elements() {
    return planned.keySet().stream()
        .filter(element -> element.startsWith("view ") || element.startsWith("trigger "))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static StoredText view(String element, String text) {
    return new StoredText(StoredText.Kind.VIEW, element.substring("view ".length()), "", text);
  }

  private Optional<String> named(StoredText text) {
    return columns.stream()
        .filter(column -> namesColumn(text, column))
        .findFirst()
        .or(() -> tables.stream().filter(t -> Expressions.mentions(text.text(), t)).findFirst());
  }

  private static boolean namesColumn(StoredText text, String column) {
    var dot = column.indexOf('.');
    var table = column.substring(0, dot);
    var name = column.substring(dot + 1);
    return switch (text.kind()) {
      case VIEW ->
          Expressions.mentions(text.text(), table)
              && Expressions.mentionsQualified(text.text(), name);
      case TRIGGER ->
          (text.table().equalsIgnoreCase(table) || Expressions.mentions(text.text(), table))
              && Expressions.mentions(text.text(), name);
      case ROUTINE, EVENT ->
          Expressions.mentions(text.text(), table) && Expressions.mentions(text.text(), name);
    };
  }

  private Finding finding(StoredText text, String name, boolean changed) {
    var object = "the " + text.kind().word() + " " + text.name();
    return Finding.error(
        ErrorCode.DEPENDENT_BREAKS.code(),
        null,
        "%s names %s, which %s takes away%s; it would fail with error %s"
            .formatted(
                object,
                name,
                what,
                changed ? ", and is not the one that the plan knows" : "",
                text.kind() == StoredText.Kind.VIEW ? "1356" : "1054"),
        "Redefine or drop " + object + ", then type the same command again.");
  }
}
