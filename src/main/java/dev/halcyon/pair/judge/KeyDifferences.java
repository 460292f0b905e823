package dev.halcyon.pair.judge;

import dev.halcyon.model.Check;
import dev.halcyon.model.Column;
import dev.halcyon.model.Engine;
import dev.halcyon.model.ForeignKey;
import dev.halcyon.model.Index;
import dev.halcyon.model.TableSchema;
import dev.halcyon.sql.TableShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Keys, constraints and partitions of one table before and after: what only one side forbids. */
final class KeyDifferences {
  private static final Passage DUPLICATES =
      Passage.stops("rows that are legal on the one server are duplicates on the other (1062)");

  private final TableSchema before;
  private final TableSchema after;
  private final ColumnRenames renames;
  private final Engine engine;
  private final List<Verdict> verdicts = new ArrayList<>();

  KeyDifferences(TableSchema before, TableSchema after, ColumnRenames renames, Engine engine) {
    this.before = before;
    this.after = after;
    this.renames = renames;
    this.engine = engine;
  }

  List<Verdict> verdicts() {
    var old = unique(before, false);
    var young = unique(after, true);
    for (Key key : young) {
      if (old.stream().noneMatch(key::follows) && !generatedWholly(key)) {
        add("unique key (" + key + ") is new", DUPLICATES, Passage.FREE);
      } else if (!old.contains(key)) {
        add("unique key (" + key + ") is new", Passage.FREE, Passage.FREE);
      }
    }
    for (Key key : old) {
      if (young.stream().noneMatch(key::follows)) {
        add("unique key (" + key + ") is gone", Passage.FREE, DUPLICATES);
      }
    }
    foreignKeys();
    checks();
    partitions();
    return verdicts;
  }

  /**
   * Columns by their former names, without order, in lower case; with a prefix where there is one.
   */
  private record Key(Set<String> parts) {
    /** Whether what the other key forbids leaves nothing for this one to forbid. */
    boolean follows(Key other) {
      return parts.containsAll(other.parts);
    }

    @Override
    public String toString() {
      return parts.stream().sorted().collect(Collectors.joining(", "));
    }
  }

  private List<Key> unique(TableSchema table, boolean young) {
    return table.indexes().stream().filter(Index::unique).map(i -> key(i, young)).toList();
  }

  private Key key(Index index, boolean young) {
    return new Key(
        index.parts().stream().map(part -> part(part, young)).collect(Collectors.toSet()));
  }

  private String part(Index.Part part, boolean young) {
    var column = part.column();
    var name = column == null ? "(" + part.expression() + ")" : young ? former(column) : column;
    return (part.prefix() == null ? name : name + "(" + part.prefix() + ")")
        .toLowerCase(Locale.ROOT);
  }

  private String former(String column) {
    var name = renames.before(column);
    return name.isEmpty() ? column : name;
  }

  /** A key that the receiving server fills itself, which its own columns already judge. */
  private boolean generatedWholly(Key key) {
    return key.parts().stream()
        .allMatch(
            part ->
                before.column(part).isEmpty()
                    && after.column(part).filter(Column::autoIncrement).isPresent());
  }

  private void foreignKeys() {
    var old = before.foreignKeys().stream().map(k -> text(k, false)).toList();
    var young = after.foreignKeys().stream().map(k -> text(k, true)).toList();
    for (ForeignKey key : after.foreignKeys()) {
      if (!old.contains(text(key, true))) {
        add(
            "foreign key " + key.name() + " is new",
            Passage.stops("rows without their parent are legal on the one server only (1452)"),
            acts(key) ? unseen() : Passage.FREE);
      }
    }
    for (ForeignKey key : before.foreignKeys()) {
      if (!young.contains(text(key, false))) {
        add(
            "foreign key " + key.name() + " is gone",
            acts(key) ? unseen() : Passage.FREE,
            Passage.stops("rows without their parent are legal on the one server only (1452)"));
      }
    }
  }

  private static Passage unseen() {
    return Passage.corrupts("what the key does to rows by itself stands in no log");
  }

  private static boolean acts(ForeignKey key) {
    return Stream.of(key.onDelete(), key.onUpdate())
        .anyMatch(action -> action.equals("CASCADE") || action.startsWith("SET "));
  }

  private String text(ForeignKey key, boolean young) {
    return key.columns().stream()
            .map(c -> young ? former(c) : c)
            .collect(Collectors.joining(","))
            .toLowerCase(Locale.ROOT)
        + " "
        + key.referencedSchema()
        + "."
        + key.referencedTable()
        + key.referencedColumns()
        + key.onDelete()
        + key.onUpdate();
  }

  private void checks() {
    var old = clauses(before);
    var young = clauses(after);
    young.stream()
        .filter(clause -> !old.contains(clause))
        .forEach(clause -> add("CHECK (" + clause + ") is new", forbidden(), Passage.FREE));
    old.stream()
        .filter(clause -> !young.contains(clause))
        .forEach(clause -> add("CHECK (" + clause + ") is gone", Passage.FREE, forbidden()));
  }

  private Passage forbidden() {
    return switch (engine) {
      case MYSQL -> Passage.stops("rows that the check forbids stop the applier (3819)");
      case MARIADB -> Passage.corrupts("the applier does not check it and lets such rows in");
    };
  }

  private static List<String> clauses(TableSchema table) {
    return Stream.concat(
            table.checks().stream().filter(Check::enforced).map(Check::clause),
            table.columns().stream().map(Column::check).filter(Objects::nonNull))
        .toList();
  }

  private void partitions() {
    var old = partitions(before);
    var young = partitions(after);
    if (old.equals(young)) {
      return;
    }
    var outside = Passage.stops("a row that belongs to no partition stops the applier (1526)");
    add(
        "other partitions",
        bounded(young) ? outside : Passage.FREE,
        bounded(old) ? outside : Passage.FREE);
  }

  private static String partitions(TableSchema table) {
    return TableShape.elements(table.showCreate()).getOrDefault("partitions " + table.name(), "");
  }

  private static boolean bounded(String partitions) {
    var words = partitions.toUpperCase(Locale.ROOT);
    return (words.contains("BY RANGE") && !words.contains("MAXVALUE"))
        || (words.contains("BY LIST") && !words.contains("DEFAULT"));
  }

  private void add(String difference, Passage forward, Passage backward) {
    verdicts.add(new Verdict(before.name(), difference, forward, backward));
  }
}
