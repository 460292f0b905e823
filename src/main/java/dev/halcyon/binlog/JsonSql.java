package dev.halcyon.binlog;

import com.github.shyiko.mysql.binlog.event.deserialization.ColumnType;
import com.github.shyiko.mysql.binlog.event.deserialization.json.JsonBinary;
import com.github.shyiko.mysql.binlog.event.deserialization.json.JsonFormatter;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Writes MySQL's binary JSON as SQL. A document of plain JSON becomes its text; one that holds a
 * DECIMAL, a date or a double, which text would turn into something else, is put together by the
 * server's own functions. For one document.
 */
final class JsonSql implements JsonFormatter {
  private final StringBuilder sql = new StringBuilder();
  private boolean typed;
  private boolean comma;

  private JsonSql() {}

  static void append(StringBuilder out, byte[] document) {
    try {
      // An empty value is what a lenient server once put into a NOT NULL column: JSON's null.
      if (document.length == 0) {
        out.append("'null'");
        return;
      }
      var written = new JsonSql();
      JsonBinary.parse(document, written);
      if (written.typed) {
        out.append("CAST(").append(written.sql).append(" AS JSON)");
      } else {
        text(out, JsonBinary.parseAsString(document));
      }
    } catch (IOException unreadable) {
      throw new UnreadableEvent("a JSON value: " + unreadable.getMessage());
    }
  }

  private static void text(StringBuilder out, String text) {
    out.append("_utf8mb4 x'")
        .append(HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8)))
        .append('\'');
  }

  private void scalar(String json) {
    next();
    sql.append("CAST('").append(json).append("' AS JSON)");
  }

  private void typed(String literal, String type) {
    typed = true;
    next();
    sql.append("CAST('").append(literal).append("' AS ").append(type).append(')');
  }

  private void next() {
    if (comma) {
      sql.append(", ");
    }
    comma = true;
  }

  @Override
  public void beginObject(int elements) {
    next();
    sql.append("JSON_OBJECT(");
    comma = false;
  }

  @Override
  public void beginArray(int elements) {
    next();
    sql.append("JSON_ARRAY(");
    comma = false;
  }

  @Override
  public void endObject() {
    sql.append(')');
    comma = true;
  }

  @Override
  public void endArray() {
    sql.append(')');
    comma = true;
  }

  @Override
  public void name(String name) {
    next();
    text(sql, name);
  }

  @Override
  public void value(String value) {
    next();
    text(sql, value);
  }

  @Override
  public void value(int value) {
    scalar(Integer.toString(value));
  }

  @Override
  public void value(long value) {
    scalar(Long.toString(value));
  }

  @Override
  public void value(double value) {
    // The servers read numbers of SQL exactly, but not those of JSON's text.
    typed = true;
    next();
    var text = Double.toString(value);
    sql.append(text).append(text.contains("E") ? "" : "E0");
  }

  @Override
  public void value(BigInteger value) {
    scalar(value.toString());
  }

  @Override
  public void value(BigDecimal value) {
    var scale = Math.max(0, value.scale());
    var precision = Math.max(value.precision(), scale);
    typed(value.toPlainString(), "DECIMAL(" + precision + ", " + scale + ")");
  }

  @Override
  public void value(boolean value) {
    scalar(Boolean.toString(value));
  }

  @Override
  public void valueNull() {
    next();
    sql.append("NULL");
  }

  @Override
  public void valueYear(int year) {
    scalar(Integer.toString(year));
  }

  @Override
  public void valueDate(int year, int month, int day) {
    typed("%04d-%02d-%02d".formatted(year, month, day), "DATE");
  }

  @Override
  public void valueDatetime(int year, int month, int day, int hour, int min, int sec, int micros) {
    typed(
        "%04d-%02d-%02d %02d:%02d:%02d.%06d".formatted(year, month, day, hour, min, sec, micros),
        "DATETIME(6)");
  }

  @Override
  public void valueTime(int hour, int min, int sec, int micros) {
    if (hour < 0 || min < 0 || sec < 0 || micros < 0) {
      throw new UnreadableEvent("a JSON value with a negative time");
    }
    typed("%02d:%02d:%02d.%06d".formatted(hour, min, sec, micros), "TIME(6)");
  }

  @Override
  public void valueTimestamp(long seconds, int micros) {
    throw new UnreadableEvent("a JSON value with a timestamp");
  }

  @Override
  public void valueOpaque(ColumnType type, byte[] value) {
    throw new UnreadableEvent("a JSON value with bytes of type " + type);
  }

  @Override
  public void nextEntry() {}
}
