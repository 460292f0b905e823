package dev.halcyon.rebuild;

import dev.halcyon.model.Column;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Finding;
import dev.halcyon.model.ForeignKey;
import dev.halcyon.model.Refusal;
import dev.halcyon.model.TableSchema;
import dev.halcyon.mysql.FreeSpace;
import dev.halcyon.mysql.Session;
import dev.halcyon.progress.Figures;
import dev.halcyon.sql.AlterClause;
import dev.halcyon.sql.Sql;
import dev.halcyon.sql.TableShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What stands against a rebuild of a table, each by its name. For one thread. */
final class Suitability {
  private final String table;
  private final String ownAlter;
  private final List<Finding> findings = new ArrayList<>();

  private Suitability(String table) {
    this.table = table;
    this.ownAlter = "Change " + Sql.name(table) + " with the server's own ALTER TABLE.";
  }

  /** Of the table as it is, the clauses, and the server's settings and grants. */
  static List<Finding> of(
      Session session, String schema, TableSchema source, List<AlterClause> clauses, CaptureBy by) {
    var suitability = new Suitability(source.name());
    suitability.look(session, schema, source);
    clauses.forEach(suitability::look);
    source.columns().stream()
        .filter(column -> !Readiness.readable(column))
        .forEach(suitability::refuse);
    Readiness.check(session, schema, by, suitability.findings);
    suitability.requireSpace(FreeSpace.of(session), source.bytes());
    return suitability.findings;
  }

  /** For people who are not told of remedies; the one that mends all is named. */
  static String words(List<Finding> findings) {
    var words = findings.stream().map(Finding::message).collect(Collectors.joining(" "));
    return findings.stream().allMatch(f -> f.remedy().endsWith(CaptureBy.INSTEAD))
        ? words + CaptureBy.INSTEAD
        : words;
  }

  /** A second copy of the table, and as much binary log again. */
  static long space(long bytes) {
    return 2 * bytes;
  }

  private void requireSpace(OptionalLong free, long bytes) {
    if (free.isPresent() && free.getAsLong() < space(bytes)) {
      findings.add(
          Finding.error(
              ErrorCode.NO_SPACE.code(),
              null,
              "A rebuild of %s needs about %s for a copy and the binary log; %s are free where the server keeps its data."
                  .formatted(table, Figures.bytes(space(bytes)), Figures.bytes(free.getAsLong())),
              "Make room on the server, or purge old binary logs."));
    }
  }

  /**
   * What CREATE TABLE … LIKE has made otherwise than it stands: MySQL gives CHECKs other names.
   *
   * @param like the text of the new table, under the old one's name
   */
  static List<Finding> ofCopy(TableSchema source, String like) {
    var suitability = new Suitability(source.name());
    var wanted = TableShape.elements(source.showCreate());
    var made = TableShape.elements(like);
    var names = new TreeSet<>(wanted.keySet());
    names.addAll(made.keySet());
    for (var name : names) {
      if (!Objects.equals(wanted.get(name), made.get(name)) && !isForeignKey(wanted.get(name))) {
        suitability.add(
            "A copy of table " + source.name() + " would not have its " + name + ".",
            suitability.ownAlter);
      }
    }
    return suitability.findings;
  }

  private void look(Session session, String schema, TableSchema source) {
    if (!source.engine().equalsIgnoreCase("InnoDB")) {
      add(
          "Table " + table + " is not InnoDB.",
          "ALTER TABLE " + Sql.name(table) + " ENGINE=InnoDB");
    }
    source.foreignKeys().forEach(key -> look(schema, key));
    Belongings.pointing(session, schema, table).stream()
        .filter(key -> key.table().contains("."))
        .forEach(
            key ->
                add(
                    "The foreign key %s of %s, in another schema, would go on to point at the old"
                            .formatted(key.name(), key.table())
                        + " table "
                        + table
                        + ".",
                    ownAlter));
    if (source.showCreate().contains("WITH SYSTEM VERSIONING")) {
      add("Table " + table + " is system-versioned.", ownAlter);
    }
    if (source.chunkKey().isEmpty()) {
      findings.addAll(noKey(table).findings());
    }
  }

  private void look(String schema, ForeignKey key) {
    for (var action : List.of("ON DELETE " + key.onDelete(), "ON UPDATE " + key.onUpdate())) {
      if (!action.endsWith(" NO ACTION") && !action.endsWith(" RESTRICT")) {
        add(
            ("The foreign key %s of %s has %s: the server changes rows of %s by it and writes nothing"
                    + " of that into its log, so a rebuild would lose it.")
                .formatted(key.name(), table, action, table),
            "The server's own ALTER TABLE loses nothing: --way=in-place where it can, or --way=copy"
                + " while writers wait. Or drop the key for the time of the rebuild.");
      }
    }
    if (!key.referencedSchema().equalsIgnoreCase(schema)) {
      add(
          "The foreign key %s of %s points into the schema %s."
              .formatted(key.name(), table, key.referencedSchema()),
          ownAlter);
    }
  }

  /** What the new shape does to the keys that go along. */
  static List<Finding> ofBelongings(Belongings belongings, Shapes shapes) {
    var suitability = new Suitability(shapes.names().table());
    for (var key : belongings.keys()) {
      key.columns().forEach(column -> suitability.look(shapes, key, column));
      if (Belongings.ofItself(key)) {
        suitability.lookAtParent(shapes, key);
      }
    }
    belongings.pointing().forEach(key -> suitability.lookAtParent(shapes, key));
    return suitability.findings;
  }

  private void lookAtParent(Shapes shapes, ForeignKey key) {
    key.referencedColumns().forEach(column -> look(shapes, key, column));
    var columns =
        key.referencedColumns().stream()
            .filter(shapes.columns()::maps)
            .map(column -> shapes.columns().of(column).to().name())
            .toList();
    if (shapes.shadow().indexes().stream().noneMatch(i -> begins(i.columns(), columns))) {
      add(
          "The change leaves the foreign key %s of %s without an index of %s (%s)."
              .formatted(key.name(), key.table(), table, String.join(", ", columns)),
          "Drop the key first, or keep the index.");
    }
  }

  private static boolean begins(List<String> all, List<String> first) {
    return all.size() >= first.size() && all.subList(0, first.size()).equals(first);
  }

  /** Both sides of a key have one type, but for the length of texts. */
  private void look(Shapes shapes, ForeignKey key, String column) {
    var pair = shapes.columns().maps(column) ? shapes.columns().of(column) : null;
    if (pair == null
        || (pair.from().isText()
            ? !pair.to().isText()
                || !Objects.equals(pair.from().characterSet(), pair.to().characterSet())
                || !Objects.equals(pair.from().collation(), pair.to().collation())
            : !pair.from().type().equals(pair.to().type()))) {
      add(
          "The change gives column %s of %s another type, or none; the foreign key %s of %s needs it."
              .formatted(column, table, key.name(), key.table()),
          "Drop the key first, change both tables, and add it again.");
    }
  }

  /** Foreign keys come along with the cut-over, not with the copy. */
  static boolean isForeignKey(@Nullable String element) {
    return element != null && element.contains(" FOREIGN KEY (");
  }

  private void look(AlterClause clause) {
    switch (clause) {
      case AlterClause.RenameTable rename -> refuse(rename.text());
      case AlterClause.AddForeignKey foreignKey -> refuse(foreignKey.text());
      case AlterClause.DropForeignKey foreignKey -> refuse(foreignKey.text());
      default -> {}
    }
  }

  private void refuse(Column column) {
    add("Column %s of %s is of type %s.".formatted(column.name(), table, column.type()), ownAlter);
  }

  private void refuse(String clause) {
    add(
        "A rebuild of " + table + " does not do: " + clause,
        "Give " + Sql.name(table) + " this clause in a statement of its own.");
  }

  private void add(String message, String remedy) {
    findings.add(Finding.error(ErrorCode.NOT_SUPPORTED.code(), null, message, remedy));
  }

  static Refusal noKey(String table) {
    return ErrorCode.NO_KEY.refuse(
        "Table %s has no key of whole columns without NULL that is in both shapes."
            .formatted(table),
        "Give the table a primary key first, or change it in a statement of its own.");
  }
}
