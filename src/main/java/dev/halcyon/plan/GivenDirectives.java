package dev.halcyon.plan;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Phase;
import dev.halcyon.model.TableSchema;
import dev.halcyon.sql.Directive;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The directives of a file, looked up by what they are about; one that nobody asks for is an error.
 */
final class GivenDirectives {
  private final List<Directive> directives;
  private final Outline outline;
  private final Set<Directive> used = new HashSet<>();

  GivenDirectives(List<Directive> directives, Outline outline) {
    this.directives = List.copyOf(directives);
    this.outline = outline;
  }

  Directive.@Nullable Fill fill(String table, String column) {
    return of(Directive.Fill.class).stream()
        .filter(f -> f.table().equalsIgnoreCase(table) && f.column().equalsIgnoreCase(column))
        .findFirst()
        .map(this::use)
        .orElse(null);
  }

  Optional<Directive.Map> map(String table, String from, String to) {
    return maps(table).stream()
        .filter(m -> m.from().equalsIgnoreCase(from) && m.to().equalsIgnoreCase(to))
        .findFirst()
        .map(this::use);
  }

  List<Directive.Map> maps(String table) {
    return of(Directive.Map.class).stream().filter(m -> m.table().equalsIgnoreCase(table)).toList();
  }

  List<Directive.Split> splits() {
    return of(Directive.Split.class).stream().map(this::use).toList();
  }

  List<Directive.Merge> merges() {
    return of(Directive.Merge.class).stream().map(this::use).toList();
  }

  /** Whether a split or merge keeps this table's rows equal to columns of another one. */
  boolean mirrors(String table) {
    return of(Directive.Split.class).stream().anyMatch(s -> s.child().equalsIgnoreCase(table))
        || of(Directive.Merge.class).stream().anyMatch(m -> m.child().equalsIgnoreCase(table));
  }

  /** Whether a split takes this column away, or a merge adds it. */
  boolean moves(String table, String column) {
    return of(Directive.Split.class).stream()
            .filter(s -> s.parent().equalsIgnoreCase(table))
            .anyMatch(s -> s.columns().stream().anyMatch(column::equalsIgnoreCase))
        || of(Directive.Merge.class).stream()
            .filter(m -> m.parent().equalsIgnoreCase(table))
            .anyMatch(m -> m.columns().stream().anyMatch(column::equalsIgnoreCase));
  }

  /** The phase of data statements: as a directive says, else as given. */
  Phase phase(Phase otherwise) {
    return of(Directive.InPhase.class).stream()
        .findFirst()
        .map(this::use)
        .map(Directive.InPhase::phase)
        .orElse(otherwise);
  }

  void refuseUnused() {
    for (Directive directive : directives) {
      boolean always = directive instanceof Directive.Allow || directive instanceof Directive.Gate;
      if (used.contains(directive) || always) {
        continue;
      }
      outline.refuse(
          ErrorCode.DIRECTIVE_NAME,
          directive.place(),
          unusedBecause(directive),
          "check the names, or take the line out");
    }
  }

  private String unusedBecause(Directive directive) {
    return switch (directive) {
      case Directive.Fill f ->
          "fill " + missing(f.table(), f.column(), "gets no value by this change");
      case Directive.Map m ->
          "map "
              + missing(m.table(), m.from(), "does not go over into " + m.to() + " in this change");
      case Directive.Split s ->
          "split of " + s.parent() + ": this change does not move its columns";
      case Directive.Merge m -> "merge of " + m.child() + ": this change does not move its columns";
      case Directive.Gate g -> "gate";
      case Directive.InPhase p -> "phase: this change has no data statements";
      case Directive.Allow a -> "allow " + a.rule();
    };
  }

  private String missing(String table, String column, String otherwise) {
    Optional<TableSchema> before = outline.facts().table(table);
    Optional<TableSchema> after = outline.facts().tableAfter(table);
    if (before.isEmpty() && after.isEmpty()) {
      return table + "." + column + ": there is no table " + table;
    }
    boolean there =
        before.flatMap(t -> t.column(column)).isPresent()
            || after.flatMap(t -> t.column(column)).isPresent();
    return table
        + "."
        + column
        + ": "
        + (there ? "the column " + otherwise : "there is no column " + column + " in " + table);
  }

  private <T extends Directive> List<T> of(Class<T> kind) {
    return directives.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  private <T extends Directive> T use(T directive) {
    used.add(directive);
    return directive;
  }
}
