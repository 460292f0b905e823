package dev.halcyon.model;

import org.jspecify.annotations.Nullable;

/**
 * A column as the server's catalogue tells it, in SQL that can be given back to the server.
 *
 * @param type the full type: {@code varchar(100)}, {@code enum('a','b')}, {@code bigint unsigned}
 * @param characterSet and {@code collation}: in effect for the column; null for types without text
 * @param defaultValue SQL text: {@code 'x'}, {@code 0}, {@code current_timestamp(6)}, {@code
 *     (uuid())}; null if there is none or it is NULL
 * @param generated the expression and its kind, {@code GENERATED ALWAYS AS (a + b) VIRTUAL}, or
 *     null
 * @param onUpdate {@code current_timestamp()} or null
 * @param check the expression of a column-level CHECK (MariaDB), or null
 * @param inheritsText whether character set and collation are the table's and not the column's own;
 *     MySQL remembers the difference and shows it
 */
public record Column(
    String name,
    String type,
    @Nullable String characterSet,
    @Nullable String collation,
    boolean nullable,
    @Nullable String defaultValue,
    @Nullable String generated,
    @Nullable String onUpdate,
    boolean autoIncrement,
    boolean invisible,
    @Nullable String check,
    String comment,
    boolean inheritsText) {

  /** A column with its own character set and collation, or with none. */
  public Column(
      String name,
      String type,
      @Nullable String characterSet,
      @Nullable String collation,
      boolean nullable,
      @Nullable String defaultValue,
      @Nullable String generated,
      @Nullable String onUpdate,
      boolean autoIncrement,
      boolean invisible,
      @Nullable String check,
      String comment) {
    this(
        name,
        type,
        characterSet,
        collation,
        nullable,
        defaultValue,
        generated,
        onUpdate,
        autoIncrement,
        invisible,
        check,
        comment,
        false);
  }

  /** The text after the column's name in a column definition. */
  public String definition() {
    var sql = new StringBuilder(type);
    if (characterSet != null && !inheritsText) {
      sql.append(" CHARACTER SET ").append(characterSet);
    }
    if (collation != null && !inheritsText) {
      sql.append(" COLLATE ").append(collation);
    }
    if (generated != null) {
      sql.append(' ').append(generated);
    }
    if (generated == null || !nullable) {
      sql.append(nullable ? " NULL" : " NOT NULL");
    }
    if (defaultValue != null) {
      sql.append(" DEFAULT ").append(defaultValue);
    }
    if (onUpdate != null) {
      sql.append(" ON UPDATE ").append(onUpdate);
    }
    if (autoIncrement) {
      sql.append(" AUTO_INCREMENT");
    }
    if (invisible) {
      sql.append(" INVISIBLE");
    }
    if (!comment.isEmpty()) {
      sql.append(" COMMENT '")
          .append(comment.replace("\\", "\\\\").replace("'", "''"))
          .append('\'');
    }
    if (check != null) {
      sql.append(" CHECK (").append(check).append(')');
    }
    return sql.toString();
  }

  public Column withNullable(boolean newNullable) {
    return new Column(
        name,
        type,
        characterSet,
        collation,
        newNullable,
        defaultValue,
        generated,
        onUpdate,
        autoIncrement,
        invisible,
        check,
        comment,
        inheritsText);
  }

  public Column withDefault(@Nullable String newDefault) {
    return new Column(
        name,
        type,
        characterSet,
        collation,
        nullable,
        newDefault,
        generated,
        onUpdate,
        autoIncrement,
        invisible,
        check,
        comment,
        inheritsText);
  }

  public Column withName(String newName) {
    return new Column(
        newName,
        type,
        characterSet,
        collation,
        nullable,
        defaultValue,
        generated,
        onUpdate,
        autoIncrement,
        invisible,
        check,
        comment,
        inheritsText);
  }

  /** Whether values compare by collation, so that equal need not mean identical. */
  public boolean isText() {
    return characterSet != null;
  }
}
