package dev.halcyon.rebuild;

import dev.halcyon.model.Column;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Refusal;
import dev.halcyon.model.TableSchema;
import dev.halcyon.mysql.Catalog;
import dev.halcyon.mysql.Session;
import dev.halcyon.sql.AlterClause;
import dev.halcyon.sql.Sql;
import dev.halcyon.sql.TableShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

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
      Session session, String schema, TableSchema source, List<AlterClause> clauses) {
    var suitability = new Suitability(source.name());
    suitability.look(session, schema, source);
    clauses.forEach(suitability::look);
    source.columns().stream()
        .filter(column -> !Readiness.readable(column))
        .forEach(suitability::refuse);
    Readiness.check(session, suitability.findings);
    return suitability.findings;
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
      if (!Objects.equals(wanted.get(name), made.get(name))) {
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
    for (var key : source.foreignKeys()) {
      add("The foreign key " + key.name() + " of " + table + " would be left behind.", ownAlter);
    }
    for (var key : Catalog.referencing(session, schema, List.of(source.name()))) {
      if (!key.table().equalsIgnoreCase(table)) {
        add(
            "The foreign key %s of %s would go on to point at the old table %s."
                .formatted(key.name(), key.table(), table),
            ownAlter);
      }
    }
    for (var trigger : source.triggers()) {
      add(
          "The trigger " + trigger.name() + " on " + table + " would be left behind.",
          "Drop the trigger and make it again afterwards.");
    }
    if (source.showCreate().contains("WITH SYSTEM VERSIONING")) {
      add("Table " + table + " is system-versioned.", ownAlter);
    }
    if (source.chunkKey().isEmpty()) {
      findings.addAll(noKey(table).findings());
    }
  }

  private void look(AlterClause clause) {
    switch (clause) {
      case AlterClause.RenameTable rename -> refuse(rename.text());
      case AlterClause.AddForeignKey foreignKey -> refuse(foreignKey.text());
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
