package dev.halcyon.plan;

import dev.halcyon.model.Check;
import dev.halcyon.model.Column;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.ForeignKey;
import dev.halcyon.model.Index;
import dev.halcyon.model.Place;
import dev.halcyon.model.ServerFacts;
import dev.halcyon.model.TableSchema;
import dev.halcyon.sql.AlterClause;
import dev.halcyon.sql.ColumnTypes;
import dev.halcyon.sql.Directive;
import dev.halcyon.sql.Sql;
import dev.halcyon.sql.Statement;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads the ALTERs of a change. The clauses say what is renamed and what is dropped; what comes out
 * of it is read from the table as the server had it after the change's own statements.
 */
final class TableReader {
  private final Outline outline;
  private final ServerFacts facts;
  private final GivenDirectives directives;
  private final List<Operation> operations;
  private final Map<String, Place> altered = new LinkedHashMap<>();
  private final Set<String> columnsDone = new HashSet<>();
  private final Set<String> renamedIndexes = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
  private final Map<String, String> mappedAway = new LinkedHashMap<>();

  TableReader(Outline outline, GivenDirectives directives, List<Operation> operations) {
    this.outline = outline;
    this.facts = outline.facts();
    this.directives = directives;
    this.operations = operations;
  }

  void read(Statement.AlterTable alter) {
    Optional<TableSchema> before = facts.table(alter.table());
    if (before.isEmpty()) {
      outline.refuse(
          ErrorCode.NOT_SUPPORTED,
          alter.place(),
          "there is no table "
              + alter.table()
              + " in "
              + facts.schema()
              + " to alter, or this very change creates it",
          "check the name; put the final shape into the CREATE TABLE");
      return;
    }
    boolean renamesTable =
        alter.clauses().stream().anyMatch(c -> c instanceof AlterClause.RenameTable);
    if (renamesTable && alter.clauses().size() > 1) {
      outline.refuse(
          ErrorCode.NOT_SUPPORTED,
          alter.place(),
          "a table that is renamed is not altered in the same change",
          "use two changes");
      return;
    }
    altered.putIfAbsent(alter.table(), alter.place());
    for (Directive.Map map : directives.maps(alter.table())) {
      mappedAway.put(key(alter.table(), map.from()), map.to());
    }
    for (AlterClause clause : alter.clauses()) {
      read(before.get(), clause);
    }
  }

  private void read(TableSchema before, AlterClause clause) {
    String table = before.name();
    switch (clause) {
      case AlterClause.AddColumn c -> addColumn(before, c);
      case AlterClause.DropColumn c -> dropColumn(before, c);
      case AlterClause.RenameColumn c -> rename(before, c.place(), c.from(), c.to(), "");
      case AlterClause.ChangeColumn c -> {
        if (c.from().equalsIgnoreCase(c.to())) {
          alter(before, c.place(), c.to(), c.position());
        } else {
          rename(before, c.place(), c.from(), c.to(), c.position());
        }
      }
      case AlterClause.ModifyColumn c -> alter(before, c.place(), c.column(), c.position());
      case AlterClause.SetDefault c -> alter(before, c.place(), c.column(), "");
      case AlterClause.DropDefault c -> alter(before, c.place(), c.column(), "");
      case AlterClause.AddIndex c -> {}
      case AlterClause.AddForeignKey c -> {}
      case AlterClause.AddCheck c -> {}
      case AlterClause.DropIndex c -> dropIndex(before, c);
      case AlterClause.RenameIndex c -> {
        renamedIndexes.add(c.to());
        operations.add(new RenameIndex(c.place(), table, c.from(), c.to()));
      }
      case AlterClause.SetIndexVisible c ->
          operations.add(new SetIndexVisible(c.place(), table, c.index(), c.visible()));
      case AlterClause.DropForeignKey c -> dropForeignKey(before, c.place(), c.name());
      case AlterClause.DropConstraint c -> dropConstraint(before, c.place(), c.name());
      case AlterClause.RenameTable c -> operations.add(new RenameTable(c.place(), table, c.to()));
      case AlterClause.Other c ->
          outline.refuse(
              ErrorCode.NOT_SUPPORTED,
              c.place(),
              c.what() + " is not something that phases are derived for",
              OperationReader.AS_WRITTEN);
    }
  }

  private void addColumn(TableSchema before, AlterClause.AddColumn clause) {
    String table = before.name();
    if (directives.moves(table, clause.column()) || !first(table, clause.column())) {
      return;
    }
    Optional<Column> column = after(table, clause.column());
    if (column.isEmpty()) {
      return;
    }
    Optional<Directive.Map> map =
        directives.maps(table).stream()
            .filter(m -> m.to().equalsIgnoreCase(clause.column()))
            .findFirst();
    if (map.isPresent() && after(table, map.get().from()).isEmpty()) {
      rename(before, clause.place(), map.get().from(), clause.column(), clause.position());
      return;
    }
    operations.add(
        new AddColumn(
            clause.place(),
            table,
            column.get(),
            clause.position(),
            directives.fill(table, clause.column())));
  }

  private void dropColumn(TableSchema before, AlterClause.DropColumn clause) {
    String table = before.name();
    boolean moved =
        directives.moves(table, clause.column())
            || mappedAway.containsKey(key(table, clause.column()));
    Optional<Column> column = before.column(clause.column());
    if (!moved && column.isPresent() && first(table, clause.column())) {
      operations.add(
          new DropColumn(
              clause.place(), table, column.get(), directives.fill(table, clause.column())));
    }
  }

  private void rename(TableSchema before, Place place, String from, String to, String position) {
    String table = before.name();
    Optional<Column> old = before.column(from);
    Optional<Column> target = after(table, to);
    if (old.isEmpty() || target.isEmpty() || !first(table, from)) {
      return;
    }
    if (from.equalsIgnoreCase(to)) {
      alter(before, place, from, position);
      return;
    }
    Optional<Directive.Map> map = directives.map(table, from, to);
    ColumnTypes.Step type = ColumnTypes.compare(old.get(), target.get());
    boolean keepsValues = type == ColumnTypes.Step.SAME || type == ColumnTypes.Step.WIDER;
    if (map.isEmpty() && !keepsValues) {
      outline.refuse(
          ErrorCode.MAPPING_MISSING,
          place,
          table
              + "."
              + from
              + " ("
              + old.get().type()
              + ") goes over into "
              + to
              + " ("
              + target.get().type()
              + "), and nothing says how values correspond",
          "-- halcyon: map "
              + table
              + "."
              + from
              + " -> "
              + to
              + " up=\"<from "
              + from
              + ">\" down=\"<from "
              + to
              + ">\"");
      return;
    }
    Mapping mapping =
        map.map(m -> new Mapping(before, old.get(), target.get(), m.up(), m.down(), false))
            .orElseGet(() -> Mapping.identity(before, old.get(), target.get()));
    replace(before, place, old.get(), target.get(), position, mapping);
  }

  private void replace(
      TableSchema before, Place place, Column old, Column target, String position, Mapping given) {
    String table = before.name();
    Mapping mapping = given;
    Directive.Fill fill = directives.fill(table, target.name());
    if (old.nullable() && !target.nullable()) {
      if (fill == null && given.identity()) {
        outline.refuse(
            ErrorCode.MAPPING_MISSING,
            place,
            table + "." + target.name() + " is NOT NULL, and " + old.name() + " may be NULL",
            "-- halcyon: fill " + table + "." + target.name() + " = <value>");
        return;
      }
      mapping = fill == null ? mapping : mapping.withUpFallback(fill.expression());
    }
    if (!old.nullable() && (target.nullable() || !given.identity())) {
      String neutral = ColumnTypes.neutralValue(old, outline.isMariaDb());
      mapping = neutral == null ? mapping : mapping.withDownFallback(neutral);
    }
    operations.add(new ReplaceColumn(place, table, old, target, position, mapping));
  }

  private void alter(TableSchema before, Place place, String column, String position) {
    String table = before.name();
    Optional<Column> old = before.column(column);
    Optional<Column> target = after(table, column);
    if (old.isPresent() && target.isPresent() && first(table, column)) {
      operations.add(
          new AlterColumn(
              place, table, old.get(), target.get(), position, directives.fill(table, column)));
    }
  }

  private void dropIndex(TableSchema before, AlterClause.DropIndex clause) {
    before
        .index(clause.index())
        .ifPresent(i -> operations.add(new DropIndex(clause.place(), before.name(), i)));
  }

  private void dropConstraint(TableSchema before, Place place, String name) {
    Optional<Check> check =
        before.checks().stream().filter(c -> c.name().equalsIgnoreCase(name)).findFirst();
    if (check.isPresent()) {
      String drop = outline.isMariaDb() ? "DROP CONSTRAINT " : "DROP CHECK ";
      operations.add(
          new DropConstraint(
              place,
              before.name(),
              name,
              drop + Sql.name(name),
              "ADD CONSTRAINT " + Sql.name(name) + " CHECK (" + check.get().clause() + ")"));
    } else if (before.index(name).isPresent()) {
      operations.add(new DropIndex(place, before.name(), before.index(name).get()));
    } else {
      dropForeignKey(before, place, name);
    }
  }

  private void dropForeignKey(TableSchema before, Place place, String name) {
    before.foreignKeys().stream()
        .filter(k -> k.name().equalsIgnoreCase(name))
        .findFirst()
        .ifPresent(
            k ->
                operations.add(
                    new DropConstraint(
                        place,
                        before.name(),
                        name,
                        ForeignKeys.drop(name),
                        ForeignKeys.add(before, k, k.name()))));
  }

  /**
   * Whatever indexes, foreign keys and checks the tables have afterwards that they had not before.
   */
  void readConstraints() {
    for (Map.Entry<String, Place> entry : altered.entrySet()) {
      Optional<TableSchema> before = facts.table(entry.getKey());
      Optional<TableSchema> after = facts.tableAfter(entry.getKey());
      if (before.isPresent() && after.isPresent()) {
        readConstraints(before.get(), after.get(), entry.getValue());
      }
    }
  }

  private void readConstraints(TableSchema before, TableSchema after, Place place) {
    Set<String> newKeys = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    for (ForeignKey key : after.foreignKeys()) {
      boolean isNew =
          before.foreignKeys().stream().noneMatch(k -> k.name().equalsIgnoreCase(key.name()));
      if (isNew) {
        newKeys.add(key.name());
        operations.add(new AddForeignKey(place, key));
      }
    }
    for (Index index : after.indexes()) {
      if (before.index(index.name()).isEmpty()
          && !newKeys.contains(index.name())
          && !renamedIndexes.contains(index.name())) {
        operations.add(new AddIndex(place, before.name(), index));
      }
    }
    for (Check check : after.checks()) {
      boolean isNew =
          before.checks().stream().noneMatch(c -> c.name().equalsIgnoreCase(check.name()));
      if (isNew) {
        operations.add(new AddCheck(place, before.name(), check));
      }
    }
  }

  private Optional<Column> after(String table, String column) {
    return facts.tableAfter(table).flatMap(t -> t.column(column));
  }

  private boolean first(String table, String column) {
    return columnsDone.add(key(table, column));
  }

  private static String key(String table, String column) {
    return (table + "." + column).toLowerCase(java.util.Locale.ROOT);
  }
}
