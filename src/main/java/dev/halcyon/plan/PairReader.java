package dev.halcyon.plan;

import dev.halcyon.model.Column;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.ForeignKey;
import dev.halcyon.model.Index;
import dev.halcyon.model.Place;
import dev.halcyon.model.TableSchema;
import dev.halcyon.sql.Expressions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether two tables can be kept in sync as parent and child. Whatever could make a
 * statement fail that succeeded before, or could change one side without a trigger, is refused.
 */
final class PairReader {
  private static final Pattern INTEGER = Pattern.compile("(?i)(tiny|small|medium|big)?int\\b.*");

  private final Outline outline;
  private final Place place;
  private final TableSchema parent;
  private final TableSchema child;
  private boolean sound = true;

  /**
   * @param parent with the columns, before a split or after a merge
   * @param child after a split or before a merge
   */
  PairReader(Outline outline, Place place, TableSchema parent, TableSchema child) {
    this.outline = outline;
    this.place = place;
    this.parent = parent;
    this.child = child;
  }

  Optional<ParentAndChild> read(List<String> parentNames, List<String> childNames, String byName) {
    List<Column> columns = columns(parent, parentNames);
    List<Column> childColumns = columns(child, childNames);
    Optional<Column> by = columns(child, List.of(byName)).stream().findFirst();
    if (!sound || by.isEmpty()) {
      return Optional.empty();
    }
    Optional<ForeignKey> reference = reference(by.get());
    Optional<Column> parentKey = parentKey(reference);
    Optional<Column> childKey = childKey();
    checkReference(by.get(), parentKey, reference);
    for (int i = 0; i < columns.size(); i++) {
      checkPair(columns.get(i), childColumns.get(i));
    }
    checkConstraints(parent, columns);
    checkConstraints(child, childColumns);
    checkChild(by.get(), childColumns, reference);
    if (!sound || parentKey.isEmpty() || childKey.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new ParentAndChild(
            outline.version(),
            parent.name(),
            parentKey.get(),
            columns,
            child.name(),
            childKey.get(),
            by.get(),
            childColumns,
            reference.isPresent()));
  }

  private List<Column> columns(TableSchema table, List<String> names) {
    var found = new ArrayList<Column>();
    for (String name : names) {
      Optional<Column> column = table.column(name);
      if (column.isEmpty()) {
        refuse(
            ErrorCode.DIRECTIVE_NAME,
            "there is no column " + name + " in " + table.name(),
            "check the names of the directive");
      }
      column.ifPresent(found::add);
    }
    return found;
  }

  private Optional<ForeignKey> reference(Column by) {
    return child.foreignKeys().stream()
        .filter(k -> k.columns().size() == 1 && k.columns().getFirst().equalsIgnoreCase(by.name()))
        .filter(k -> k.referencedTable().equalsIgnoreCase(parent.name()))
        .filter(k -> k.referencedSchema().equalsIgnoreCase(outline.facts().schema()))
        .findFirst();
  }

  private Optional<Column> parentKey(Optional<ForeignKey> reference) {
    Optional<String> name =
        reference
            .map(k -> k.referencedColumns().getFirst())
            .or(() -> parent.primaryKey().filter(PairReader::single).map(i -> i.columns().get(0)));
    Optional<Column> key = name.flatMap(parent::column).filter(c -> !c.nullable());
    boolean unique =
        key.isPresent()
            && parent.indexes().stream()
                .anyMatch(i -> i.unique() && single(i) && i.uses(key.get().name()));
    if (!unique) {
      unsupported(
          parent.name() + " has no single column that is its key and that the children refer to",
          "split and merge need a parent with a key of one column");
      return Optional.empty();
    }
    return key;
  }

  private Optional<Column> childKey() {
    Optional<Column> key =
        child
            .primaryKey()
            .filter(PairReader::single)
            .flatMap(i -> child.column(i.columns().getFirst()))
            .filter(c -> c.autoIncrement() && INTEGER.matcher(c.type()).matches());
    if (key.isEmpty()) {
      unsupported(
          child.name()
              + " has no AUTO_INCREMENT primary key, so a row that the other version's writing"
              + " calls for could not be numbered",
          "give " + child.name() + " a key: id BIGINT AUTO_INCREMENT PRIMARY KEY");
    }
    return key;
  }

  private void checkReference(
      Column by, Optional<Column> parentKey, Optional<ForeignKey> reference) {
    if (reference.isPresent()) {
      ForeignKey key = reference.get();
      if (!key.onDelete().equals("CASCADE") || key.onUpdate().startsWith("SET ")) {
        unsupported(
            "the foreign key "
                + child.name()
                + "."
                + key.name()
                + " does not let a parent be deleted, as the version that knows no "
                + child.name()
                + " does it",
            "declare it ON DELETE CASCADE, and without ON UPDATE SET NULL");
      }
    } else if (parentKey.isPresent() && !sameType(parentKey.get(), by)) {
      unsupported(
          label(child, by) + " is not of the type of " + label(parent, parentKey.get()),
          "make it " + parentKey.get().type());
    }
    boolean indexed =
        child.indexes().stream()
            .map(Index::columns)
            .anyMatch(c -> !c.isEmpty() && c.getFirst().equalsIgnoreCase(by.name()));
    if (!indexed) {
      unsupported(
          "no index of " + child.name() + " begins with " + by.name(),
          "add KEY (" + by.name() + ")");
    }
    if (!isInnoDb(parent) || !isInnoDb(child)) {
      unsupported("both tables must be InnoDB", "change the engine before");
    }
  }

  private void checkPair(Column column, Column counterpart) {
    String both = label(parent, column) + " and " + label(child, counterpart);
    if (!sameType(column, counterpart) || column.nullable() != counterpart.nullable()) {
      unsupported(
          both + " differ in type, collation or NULL: what fits into one may not fit the other",
          "make them alike; change the type in a change of its own");
    }
    for (Column each : List.of(column, counterpart)) {
      if (each.generated() != null || each.autoIncrement() || each.onUpdate() != null) {
        unsupported(
            each.name() + " gets its value from the server", "move only what applications write");
      }
    }
    String standard = column.defaultValue();
    if (column.nullable() ? standard != null : !isConstant(standard)) {
      unsupported(
          label(parent, column)
              + (column.nullable() ? " has a default" : " is NOT NULL and has no constant default")
              + ", so a parent without a "
              + child.name()
              + " could not be told apart",
          "make it NULL without default, or NOT NULL with a constant one that means nothing");
    }
    if (!Objects.equals(checkOf(column), checkOf(counterpart))) {
      unsupported(both + " do not have the same CHECK", "give it to both, or to neither");
    }
  }

  /** What one side rejects, the other side's version could write. */
  private void checkConstraints(TableSchema table, List<Column> mirrored) {
    for (Column column : mirrored) {
      String name = column.name();
      table.indexes().stream()
          .filter(i -> i.unique() && i.uses(name))
          .forEach(i -> unsupportedConstraint(table, name, "the unique key " + i.name()));
      table.checks().stream()
          .filter(c -> Expressions.mentions(c.clause(), name))
          .forEach(c -> unsupportedConstraint(table, name, "the constraint " + c.name()));
      table.foreignKeys().stream()
          .filter(k -> k.columns().stream().anyMatch(name::equalsIgnoreCase))
          .forEach(k -> unsupportedConstraint(table, name, "the foreign key " + k.name()));
    }
  }

  private void checkChild(Column by, List<Column> mirrored, Optional<ForeignKey> reference) {
    for (Column column : child.columns()) {
      boolean given = column.equals(by) || mirrored.contains(column) || column.autoIncrement();
      boolean optional =
          column.nullable() || column.defaultValue() != null || column.generated() != null;
      if (!given && !optional) {
        refuse(
            ErrorCode.MAPPING_MISSING,
            label(child, column)
                + " is NOT NULL without a default, and nothing says what it is in a row that the"
                + " version which writes "
                + parent.name()
                + " calls for",
            "give " + column.name() + " a default");
      }
    }
    child.foreignKeys().stream()
        .filter(k -> reference.isEmpty() || !k.name().equals(reference.get().name()))
        .filter(k -> k.onDelete().equals("CASCADE"))
        .forEach(
            k ->
                unsupported(
                    "the foreign key "
                        + child.name()
                        + "."
                        + k.name()
                        + " deletes rows without firing a trigger",
                    "declare it without ON DELETE CASCADE"));
  }

  private void unsupportedConstraint(TableSchema table, String column, String constraint) {
    unsupported(
        constraint
            + " of "
            + table.name()
            + " covers "
            + column
            + ": it could reject what the version that writes the other table writes",
        "drop it in a change before, or add it in one after this window");
  }

  private void unsupported(String message, String remedy) {
    refuse(ErrorCode.NOT_SUPPORTED, message, remedy);
  }

  private void refuse(ErrorCode code, String message, String remedy) {
    sound = false;
    outline.refuse(code, place, message, remedy);
  }

  private static boolean single(Index index) {
    return index.parts().size() == 1
        && index.columns().size() == 1
        && index.parts().getFirst().prefix() == null;
  }

  private static boolean isInnoDb(TableSchema table) {
    return table.engine().equalsIgnoreCase("InnoDB");
  }

  private static boolean isConstant(@Nullable String value) {
    return value != null && AddColumn.isConstant(value);
  }

  private static boolean sameType(Column a, Column b) {
    return a.type().equalsIgnoreCase(b.type())
        && Objects.equals(a.characterSet(), b.characterSet())
        && Objects.equals(a.collation(), b.collation());
  }

  /** MariaDB's JSON is text with such a CHECK. */
  private static String checkOf(Column column) {
    String check = column.check();
    return check == null ? "" : check.replace("`" + column.name() + "`", "?");
  }

  private static String label(TableSchema table, Column column) {
    return table.name() + "." + column.name();
  }
}
