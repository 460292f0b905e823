package dev.halcyon.mysql;

import java.util.Locale;
import java.util.Optional;

/**
 * How the values of a key column are read from the server and given back to it, so that no client
 * character set, time zone or floating point comes between.
 */
enum KeyType {
  /** Integers, YEAR, DECIMAL. */
  NUMBER,
  /** Compared as the number that it is stored and sorted as. */
  BIT,
  /** Sorted by number; {@code >} on it uses no index, IN does. */
  ENUM,
  /** Sorted by number. */
  SET,
  /** Compared by the column's own collation, with a literal in the column's own character set. */
  TEXT,
  BINARY,
  /** DATE, DATETIME, TIMESTAMP; may hold zero dates, which strict mode refuses as text. */
  DATE,
  /** TIME and MariaDB's UUID, INET4, INET6: the server's text for a value is its literal. */
  WORD;

  /** Empty for types that do not tell equal from nearly equal, or cannot be a key. */
  static Optional<KeyType> of(String dataType) {
    return switch (dataType.toLowerCase(Locale.ROOT)) {
      case "tinyint", "smallint", "mediumint", "int", "bigint", "year", "decimal" ->
          Optional.of(NUMBER);
      case "bit" -> Optional.of(BIT);
      case "enum" -> Optional.of(ENUM);
      case "set" -> Optional.of(SET);
      case "char", "varchar", "tinytext", "text", "mediumtext", "longtext" -> Optional.of(TEXT);
      case "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob" ->
          Optional.of(BINARY);
      case "date", "datetime", "timestamp" -> Optional.of(DATE);
      case "time", "uuid", "inet4", "inet6" -> Optional.of(WORD);
      default -> Optional.empty();
    };
  }

  /** An expression whose text is the value, exactly. */
  String reading(String column) {
    return switch (this) {
      case NUMBER, DATE, WORD -> "CAST(" + column + " AS CHAR)";
      case BIT, ENUM, SET -> "CAST(" + column + " AS UNSIGNED)";
      case TEXT, BINARY -> "HEX(" + column + ")";
    };
  }
}
