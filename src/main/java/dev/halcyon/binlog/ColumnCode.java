package dev.halcyon.binlog;

import java.util.Locale;
import java.util.Set;

/**
 * How a column's values lie in a row of the log.
 *
 * @param type the number of the type; ENUM and SET resolved
 * @param meta what the table map adds, as far as the length of values follows from it
 */
record ColumnCode(int type, int meta) {
  static final int TINY = 1;
  static final int SHORT = 2;
  static final int LONG = 3;
  static final int FLOAT = 4;
  static final int DOUBLE = 5;
  static final int LONGLONG = 8;
  static final int INT24 = 9;
  static final int DATE = 10;
  static final int YEAR = 13;
  static final int VARCHAR = 15;
  static final int BIT = 16;
  static final int TIMESTAMP2 = 17;
  static final int DATETIME2 = 18;
  static final int TIME2 = 19;
  static final int JSON = 245;
  static final int NEWDECIMAL = 246;
  static final int ENUM = 247;
  static final int SET = 248;
  static final int BLOB = 252;
  static final int VAR_STRING = 253;
  static final int STRING = 254;
  static final int GEOMETRY = 255;

  private static final int[] DECIMAL_BYTES = {0, 1, 1, 2, 2, 3, 3, 4, 4, 4};
  private static final int DECIMAL_GROUP = 9;

  /** Reads the metadata of one column of a table map. */
  static ColumnCode read(int type, EventBuffer meta) {
    return switch (type) {
      case FLOAT, DOUBLE, BLOB, JSON, GEOMETRY, TIMESTAMP2, DATETIME2, TIME2 ->
          new ColumnCode(type, meta.unsigned8());
      case VARCHAR, VAR_STRING -> new ColumnCode(type, meta.unsigned16());
      case BIT -> {
        var bits = meta.unsigned8();
        yield new ColumnCode(type, meta.unsigned8() * 8 + bits);
      }
      case NEWDECIMAL -> {
        var precision = meta.unsigned8();
        yield new ColumnCode(type, (precision << 8) | meta.unsigned8());
      }
      case STRING, ENUM, SET -> string(meta.unsigned8(), meta.unsigned8());
      case TINY, SHORT, LONG, LONGLONG, INT24, DATE, YEAR -> new ColumnCode(type, 0);
      default ->
          throw new UnreadableEvent("a column of type " + type + ", which Halcyon does not know");
    };
  }

  /** CHAR of more than 255 bytes hides two bits of its length in the type. */
  private static ColumnCode string(int type, int length) {
    if ((type & 0x30) != 0x30) {
      return new ColumnCode(type | 0x30, length | (((type & 0x30) ^ 0x30) << 4));
    }
    return new ColumnCode(type, length);
  }

  /** Takes one value and gives its bytes, without a length in front of them. */
  Slice take(EventBuffer row) {
    var length =
        switch (type) {
          case TINY, YEAR -> 1;
          case SHORT -> 2;
          case INT24, DATE -> 3;
          case LONG -> 4;
          case LONGLONG -> 8;
          case FLOAT, DOUBLE -> meta;
          case TIMESTAMP2 -> 4 + (meta + 1) / 2;
          case DATETIME2 -> 5 + (meta + 1) / 2;
          case TIME2 -> 3 + (meta + 1) / 2;
          case NEWDECIMAL -> decimalBytes(precision() - scale()) + decimalBytes(scale());
          case BIT -> (meta + 7) / 8;
          case ENUM, SET -> meta;
          case VARCHAR, VAR_STRING, STRING -> meta < 256 ? row.unsigned8() : row.unsigned16();
          case BLOB, JSON, GEOMETRY -> Math.toIntExact(row.number(meta));
          default -> throw new UnreadableEvent("a value of type " + type);
        };
    return new Slice(row.array(), row.step(length), length);
  }

  int precision() {
    return meta >> 8;
  }

  int scale() {
    return meta & 0xff;
  }

  static int decimalBytes(int digits) {
    return digits / DECIMAL_GROUP * 4 + DECIMAL_BYTES[digits % DECIMAL_GROUP];
  }

  /**
   * Whether the catalogue's type is written in this way.
   *
   * @param sqlType {@code varchar(100)}, {@code bigint unsigned}
   */
  boolean writes(String sqlType) {
    return codes(word(sqlType)).contains(type);
  }

  static boolean known(String sqlType) {
    return !codes(word(sqlType)).isEmpty() && !sqlType.contains("compressed");
  }

  /** The type's first word. */
  static String word(String sqlType) {
    var end = 0;
    while (end < sqlType.length() && Character.isLetterOrDigit(sqlType.charAt(end))) {
      end++;
    }
    return sqlType.substring(0, end).toLowerCase(Locale.ROOT);
  }

  private static Set<Integer> codes(String word) {
    return switch (word) {
      case "tinyint" -> Set.of(TINY);
      case "smallint" -> Set.of(SHORT);
      case "mediumint" -> Set.of(INT24);
      case "int" -> Set.of(LONG);
      case "bigint" -> Set.of(LONGLONG);
      case "float" -> Set.of(FLOAT);
      case "double" -> Set.of(DOUBLE);
      case "decimal" -> Set.of(NEWDECIMAL);
      case "year" -> Set.of(YEAR);
      case "date" -> Set.of(DATE);
      case "time" -> Set.of(TIME2);
      case "datetime" -> Set.of(DATETIME2);
      case "timestamp" -> Set.of(TIMESTAMP2);
      case "bit" -> Set.of(BIT);
      case "char", "binary" -> Set.of(STRING);
      case "varchar", "varbinary" -> Set.of(VARCHAR, VAR_STRING);
      case "tinytext", "text", "mediumtext", "longtext" -> Set.of(BLOB);
      case "tinyblob", "blob", "mediumblob", "longblob" -> Set.of(BLOB);
      case "json" -> Set.of(JSON, BLOB);
      case "enum" -> Set.of(ENUM);
      case "set" -> Set.of(SET);
      case "geometry", "point", "linestring", "polygon" -> Set.of(GEOMETRY);
      case "multipoint", "multilinestring", "multipolygon" -> Set.of(GEOMETRY);
      case "geometrycollection", "geomcollection" -> Set.of(GEOMETRY);
      default -> Set.of();
    };
  }
}
