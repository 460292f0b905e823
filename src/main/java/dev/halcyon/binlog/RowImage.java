package dev.halcyon.binlog;

import dev.halcyon.model.Column;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All columns of a row as the log has them: bytes in the server's own form, untouched by a client's
 * character set or time zone. Immutable.
 */
public final class RowImage {
  private final List<ColumnCode> codes;
  private final @Nullable Slice[] values;
  private final int bytes;

  private RowImage(List<ColumnCode> codes, @Nullable Slice[] values, int bytes) {
    this.codes = codes;
    this.values = values;
    this.bytes = bytes;
  }

  /**
   * Takes one image.
   *
   * @param present the columns that the event has
   * @param columns how many the event counts, hidden ones of the server's included
   */
  static RowImage take(TableMap map, BitSet present, int columns, EventBuffer row) {
    var begin = row.at();
    var nulls = bits(row, present.cardinality());
    var values = new @Nullable Slice[map.codes().size()];
    var ordinal = 0;
    for (var i = present.nextSetBit(0); i >= 0 && i < columns; i = present.nextSetBit(i + 1)) {
      if (!nulls.get(ordinal++)) {
        if (i >= values.length) {
          throw new UnreadableEvent("a hidden column of " + map.table() + " has a value");
        }
        values[i] = map.codes().get(i).take(row);
      }
    }
    for (var i = 0; i < values.length; i++) {
      var column = map.table().columns().get(i);
      if (!present.get(i) && column.generated() == null) {
        throw new UnreadableEvent(
            "a change of %s does not tell column %s: binlog_row_image is not FULL there"
                .formatted(map.table(), column.name()));
      }
    }
    return new RowImage(map.codes(), values, row.at() - begin);
  }

  static BitSet bits(EventBuffer buffer, int count) {
    return BitSet.valueOf(buffer.take((count + 7) / 8));
  }

  /** How much memory it stands for. */
  public int bytes() {
    return bytes + 24 * values.length;
  }

  public boolean isNull(int column) {
    return values[column] == null;
  }

  /** Bytes that are the same for the same value, to tell rows apart by their key. */
  public byte[] raw(int column) {
    var value = values[column];
    return value == null
        ? new byte[0]
        : Arrays.copyOfRange(value.array(), value.from(), value.from() + value.length());
  }

  /**
   * Writes a value as SQL that means the same in a column of the same type. A TIMESTAMP is in UTC:
   * the session that takes it must have that time zone.
   *
   * @param definition the column as the catalogue tells it
   */
  public void appendLiteral(StringBuilder sql, int column, Column definition) {
    SqlLiteral.append(sql, definition, codes.get(column), values[column]);
  }
}
