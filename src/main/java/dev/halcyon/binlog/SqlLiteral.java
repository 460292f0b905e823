package dev.halcyon.binlog;

import dev.halcyon.model.Column;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Writes a value of the log as SQL that means the same value in a column of the same type. A
 * TIMESTAMP is written in UTC, so the session's time zone must be that.
 */
final class SqlLiteral {
  private static final HexFormat HEX = HexFormat.of();
  private static final BigInteger TWO_64 = BigInteger.ONE.shiftLeft(64);

  private SqlLiteral() {}

  static void append(StringBuilder sql, Column column, ColumnCode code, @Nullable Slice value) {
    if (value == null) {
      sql.append("NULL");
      return;
    }
    var unsigned = column.type().contains("unsigned");
    switch (code.type()) {
      case ColumnCode.TINY,
          ColumnCode.SHORT,
          ColumnCode.INT24,
          ColumnCode.LONG,
          ColumnCode.LONGLONG ->
          sql.append(integer(value, unsigned));
      case ColumnCode.FLOAT ->
          // As a double it is the same number, and its text is read back as that.
          sql.append((double) Float.intBitsToFloat((int) value.little(4)));
      case ColumnCode.DOUBLE -> sql.append(Double.longBitsToDouble(value.little(8)));
      case ColumnCode.NEWDECIMAL -> decimal(sql, code, value);
      case ColumnCode.YEAR -> sql.append(value.unsigned8(0) == 0 ? 0 : 1900 + value.unsigned8(0));
      case ColumnCode.DATE, ColumnCode.DATETIME2, ColumnCode.TIMESTAMP2, ColumnCode.TIME2 ->
          sql.append('\'').append(Temporal.text(code, value)).append('\'');
      case ColumnCode.BIT -> sql.append(new BigInteger(1, bytes(value)));
      case ColumnCode.ENUM, ColumnCode.SET ->
          sql.append(Long.toUnsignedString(value.little(value.length())));
      case ColumnCode.JSON -> JsonSql.append(sql, bytes(value));
      default -> text(sql, column, value);
    }
  }

  private static void text(StringBuilder sql, Column column, Slice value) {
    var characterSet = column.characterSet();
    if (characterSet != null) {
      sql.append('_').append(characterSet).append(' ');
    }
    sql.append("x'");
    HEX.formatHex(sql, value.array(), value.from(), value.from() + value.length());
    sql.append('\'');
  }

  private static String integer(Slice value, boolean unsigned) {
    var bytes = value.length();
    var number = value.little(bytes);
    if (bytes == 8) {
      return unsigned && number < 0
          ? BigInteger.valueOf(number).add(TWO_64).toString()
          : Long.toString(number);
    }
    var shift = 64 - 8 * bytes;
    return Long.toString(unsigned ? number : number << shift >> shift);
  }

  private static void decimal(StringBuilder sql, ColumnCode code, Slice value) {
    var bytes = bytes(value);
    var negative = (bytes[0] & 0x80) == 0;
    bytes[0] ^= (byte) 0x80;
    if (negative) {
      for (var i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) ~bytes[i];
      }
      sql.append('-');
    }
    var digits = new Slice(bytes, 0, bytes.length);
    var whole = code.precision() - code.scale();
    var at = 0;
    var first = whole % 9;
    if (first > 0) {
      sql.append(digits.big(0, ColumnCode.decimalBytes(first)));
      at = ColumnCode.decimalBytes(first);
    } else {
      sql.append('0');
    }
    for (var group = 0; group < whole / 9; group++) {
      sql.append("%09d".formatted(digits.big(at, 4)));
      at += 4;
    }
    if (code.scale() > 0) {
      sql.append('.');
      for (var group = 0; group < code.scale() / 9; group++) {
        sql.append("%09d".formatted(digits.big(at, 4)));
        at += 4;
      }
      var last = code.scale() % 9;
      if (last > 0) {
        sql.append(("%0" + last + "d").formatted(digits.big(at, ColumnCode.decimalBytes(last))));
      }
    }
  }

  static byte[] bytes(Slice value) {
    return Arrays.copyOfRange(value.array(), value.from(), value.from() + value.length());
  }
}
