package dev.halcyon.plan;

import dev.halcyon.model.Column;
import dev.halcyon.model.TableSchema;
import dev.halcyon.sql.Expressions;
import dev.halcyon.sql.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How the values of an old and a new column of one table correspond.
 *
 * @param table the table before the change
 * @param up the new value as an expression over the old row's columns
 * @param down the old value as an expression over the new column
 * @param identity whether both expressions merely repeat the other column
 */
record Mapping(
    TableSchema table, Column old, Column target, String up, String down, boolean identity) {

  /** A rename, or a widening that keeps every value as it is. */
  static Mapping identity(TableSchema table, Column old, Column target) {
    return new Mapping(table, old, target, Sql.name(old.name()), Sql.name(target.name()), true);
  }

  /** With a value for where the expression gives NULL and the column must not be NULL. */
  Mapping withUpFallback(String value) {
    return new Mapping(table, old, target, "COALESCE(" + up + ", " + value + ")", down, false);
  }

  Mapping withDownFallback(String value) {
    return new Mapping(table, old, target, up, "COALESCE(" + down + ", " + value + ")", false);
  }

  /** The new value, columns qualified by {@code NEW}, {@code OLD} or a quoted table name. */
  String up(String qualifier) {
    return qualified(up, qualifier);
  }

  /** The old value. */
  String down(String qualifier) {
    return qualified(down, qualifier);
  }

  /** True when the new column holds what the old one maps to. */
  String isUp(String qualifier) {
    return Equality.ofMapped(
        target, qualifier + "." + Sql.name(target.name()), identity ? old : target, up(qualifier));
  }

  /** True when the old column holds what the new one maps back to. */
  String isDown(String qualifier) {
    return Equality.ofMapped(
        old, qualifier + "." + Sql.name(old.name()), identity ? target : old, down(qualifier));
  }

  /** In an UPDATE trigger: whether any column changed that the new value is made from. */
  String sourceChanged() {
    String changed =
        table.columns().stream()
            .filter(c -> Expressions.mentions(up, c.name()))
            .map(
                c ->
                    "NOT ("
                        + Equality.ofOne(
                            c, "NEW." + Sql.name(c.name()), "OLD." + Sql.name(c.name()))
                        + ")")
            .collect(Collectors.joining(" OR "));
    return changed.isEmpty() ? "FALSE" : changed;
  }

  private String qualified(String expression, String qualifier) {
    List<String> columns = new ArrayList<>(table.columns().stream().map(Column::name).toList());
    columns.add(target.name());
    return Expressions.qualify(expression, columns, qualifier);
  }
}
