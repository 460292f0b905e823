package dev.halcyon.sql;

import dev.halcyon.model.Place;
import org.jspecify.annotations.Nullable;

/** One clause of an {@code ALTER TABLE}. Names are bare, definitions are the user's own text. */
public sealed interface AlterClause {
  Place place();

  /** The clause as written. */
  String text();

  /**
   * @param definition the text after the name, without the position
   * @param position {@code FIRST}, {@code AFTER `x`} or empty
   */
  record AddColumn(Place place, String text, String column, String definition, String position)
      implements AlterClause {}

  record DropColumn(Place place, String text, String column) implements AlterClause {}

  record RenameColumn(Place place, String text, String from, String to) implements AlterClause {}

  record ChangeColumn(
      Place place, String text, String from, String to, String definition, String position)
      implements AlterClause {}

  record ModifyColumn(Place place, String text, String column, String definition, String position)
      implements AlterClause {}

  record SetDefault(Place place, String text, String column, String expression)
      implements AlterClause {}

  record DropDefault(Place place, String text, String column) implements AlterClause {}

  /**
   * Any index but the primary key.
   *
   * @param name null when the server is to choose
   * @param kind {@code BTREE}, {@code FULLTEXT}, {@code SPATIAL}
   */
  record AddIndex(Place place, String text, @Nullable String name, boolean unique, String kind)
      implements AlterClause {}

  record DropIndex(Place place, String text, String index) implements AlterClause {}

  record RenameIndex(Place place, String text, String from, String to) implements AlterClause {}

  /** Visible or not; {@code [NOT] IGNORED} on MariaDB. */
  record SetIndexVisible(Place place, String text, String index, boolean visible)
      implements AlterClause {}

  record AddForeignKey(Place place, String text, @Nullable String name) implements AlterClause {}

  record DropForeignKey(Place place, String text, String name) implements AlterClause {}

  record AddCheck(Place place, String text, @Nullable String name) implements AlterClause {}

  /** {@code DROP CHECK}, or {@code DROP CONSTRAINT} of what may be any constraint. */
  record DropConstraint(Place place, String text, String name) implements AlterClause {}

  record RenameTable(Place place, String text, String to) implements AlterClause {}

  /**
   * A clause that no phase is derived for.
   *
   * @param what the words to name it by: {@code DROP PRIMARY KEY}, {@code PARTITION BY}
   */
  record Other(Place place, String text, String what) implements AlterClause {}
}
