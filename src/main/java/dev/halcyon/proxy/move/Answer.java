package dev.halcyon.proxy.move;

import dev.halcyon.proxy.wire.Bytes;
import dev.halcyon.proxy.wire.ErrPacket;
import dev.halcyon.proxy.wire.OkPacket;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a server answers to an {@link Order}. */
public sealed interface Answer {

  record Done(OkPacket ok) implements Answer {}

  /**
   * @param end of the rows; of a client of the older protocol with nothing but a status
   */
  record Rows(List<Column> columns, List<List<@Nullable Bytes>> rows, OkPacket end)
      implements Answer {
    public Rows {
      columns = List.copyOf(columns);
      rows = List.copyOf(rows);
    }
  }

  /**
   * @param definitions of parameters and columns, as a checksum
   */
  record Prepared(int statement, int columns, int parameters, long definitions) implements Answer {}

  record Refused(ErrPacket error) implements Answer {}

  /**
   * A column, or the type of an expression.
   *
   * @param type as on the wire
   */
  record Column(int type, boolean unsigned, int decimals) {}
}
