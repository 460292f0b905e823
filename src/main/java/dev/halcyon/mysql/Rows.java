package dev.halcyon.mysql;

import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a result set into rows. */
final class Rows {
  private Rows() {}

  static List<Row> read(ResultSet result) throws SQLException {
    var meta = result.getMetaData();
    var positions = positions(meta);
    var types = new int[meta.getColumnCount()];
    for (var i = 0; i < types.length; i++) {
      types[i] = meta.getColumnType(i + 1);
    }
    var rows = new ArrayList<Row>();
    while (result.next()) {
      var values = new ArrayList<@Nullable Object>(types.length);
      for (var i = 0; i < types.length; i++) {
        values.add(value(result, i + 1, types[i]));
      }
      rows.add(new Row(positions, values));
    }
    return rows;
  }

  private static Map<String, Integer> positions(ResultSetMetaData meta) throws SQLException {
    var positions = new HashMap<String, Integer>();
    for (var i = 0; i < meta.getColumnCount(); i++) {
      positions.putIfAbsent(meta.getColumnLabel(i + 1).toLowerCase(Locale.ROOT), i);
    }
    return positions;
  }

  private static @Nullable Object value(ResultSet result, int position, int type)
      throws SQLException {
    return switch (type) {
      case Types.TINYINT, Types.SMALLINT, Types.INTEGER, Types.BIGINT ->
          whole(result.getString(position));
      case Types.DECIMAL, Types.NUMERIC -> result.getBigDecimal(position);
      case Types.REAL, Types.FLOAT, Types.DOUBLE -> real(result.getString(position));
      case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB, Types.BIT ->
          result.getBytes(position);
      default -> result.getString(position);
    };
  }

  private static @Nullable Double real(@Nullable String text) {
    return text == null ? null : Double.valueOf(text);
  }

  private static @Nullable Number whole(@Nullable String text) {
    if (text == null) {
      return null;
    }
    var number = new BigInteger(text);
    return number.bitLength() < Long.SIZE ? (Number) number.longValue() : number;
  }
}
