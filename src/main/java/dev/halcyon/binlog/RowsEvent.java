package dev.halcyon.binlog;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Reads events that change rows, in the forms of MySQL and MariaDB. */
final class RowsEvent {
  private static final int ID_BYTES = 6;

  private RowsEvent() {}

  private enum Kind {
    WRITE,
    UPDATE,
    DELETE
  }

  /**
   * @param kind what it does to rows
   * @param extra whether the header has further bytes (version 2)
   */
  private record Form(Kind kind, boolean extra, boolean compressed) {}

  static boolean is(int type) {
    return switch (type) {
      case EventCode.WRITE_ROWS_V1,
          EventCode.UPDATE_ROWS_V1,
          EventCode.DELETE_ROWS_V1,
          EventCode.WRITE_ROWS,
          EventCode.UPDATE_ROWS,
          EventCode.DELETE_ROWS,
          EventCode.WRITE_ROWS_COMPRESSED_V1,
          EventCode.UPDATE_ROWS_COMPRESSED_V1,
          EventCode.DELETE_ROWS_COMPRESSED_V1,
          EventCode.WRITE_ROWS_COMPRESSED,
          EventCode.UPDATE_ROWS_COMPRESSED,
          EventCode.DELETE_ROWS_COMPRESSED ->
          true;
      default -> false;
    };
  }

  private static Form form(int type) {
    return switch (type) {
      case EventCode.WRITE_ROWS_V1 -> new Form(Kind.WRITE, false, false);
      case EventCode.UPDATE_ROWS_V1 -> new Form(Kind.UPDATE, false, false);
      case EventCode.DELETE_ROWS_V1 -> new Form(Kind.DELETE, false, false);
      case EventCode.WRITE_ROWS -> new Form(Kind.WRITE, true, false);
      case EventCode.UPDATE_ROWS -> new Form(Kind.UPDATE, true, false);
      case EventCode.DELETE_ROWS -> new Form(Kind.DELETE, true, false);
      case EventCode.WRITE_ROWS_COMPRESSED_V1 -> new Form(Kind.WRITE, false, true);
      case EventCode.UPDATE_ROWS_COMPRESSED_V1 -> new Form(Kind.UPDATE, false, true);
      case EventCode.DELETE_ROWS_COMPRESSED_V1 -> new Form(Kind.DELETE, false, true);
      case EventCode.WRITE_ROWS_COMPRESSED -> new Form(Kind.WRITE, true, true);
      case EventCode.UPDATE_ROWS_COMPRESSED -> new Form(Kind.UPDATE, true, true);
      case EventCode.DELETE_ROWS_COMPRESSED -> new Form(Kind.DELETE, true, true);
      default -> throw new IllegalArgumentException("no rows in an event of type " + type);
    };
  }

  /** The table map that the rows belong to. */
  static long tableId(RawEvent event) {
    return event.body().number(ID_BYTES);
  }

  static List<RowChange> read(RawEvent event, TableMap map) {
    var form = form(event.type());
    var body = event.body();
    body.step(ID_BYTES + 2);
    if (form.extra()) {
      body.step(body.unsigned16() - 2);
    }
    var columns = Math.toIntExact(body.packed());
    var present = RowImage.bits(body, columns);
    var presentAfter = form.kind() == Kind.UPDATE ? RowImage.bits(body, columns) : present;
    var rows = form.compressed() ? new EventBuffer(inflated(body)) : body;
    var changes = new ArrayList<RowChange>();
    while (rows.left() > 0) {
      changes.add(change(form.kind(), map, columns, present, presentAfter, rows));
    }
    return changes;
  }

  private static RowChange change(
      Kind kind, TableMap map, int columns, BitSet present, BitSet presentAfter, EventBuffer rows) {
    var image = RowImage.take(map, present, columns, rows);
    return switch (kind) {
      case WRITE -> new RowChange.Inserted(image);
      case DELETE -> new RowChange.Deleted(image);
      case UPDATE -> new RowChange.Updated(image, RowImage.take(map, presentAfter, columns, rows));
    };
  }

  /** MariaDB: a byte with the length of the length, the length, and zlib's stream. */
  static byte[] inflated(EventBuffer body) {
    var head = body.unsigned8();
    if ((head & 0x80) == 0 || (head & 0x70) != 0) {
      throw new UnreadableEvent("compressed in a way that Halcyon does not know: " + head);
    }
    body.step(head & 0x07);
    var inflater = new Inflater();
    try {
      var from = body.at();
      inflater.setInput(body.array(), from, body.left());
      var out = new ByteArrayOutputStream(4 * body.left());
      var buffer = new byte[8192];
      while (!inflater.finished()) {
        var length = inflater.inflate(buffer);
        if (length == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
          throw new UnreadableEvent("its compressed part ends early");
        }
        out.write(buffer, 0, length);
      }
      return out.toByteArray();
    } catch (DataFormatException broken) {
      throw new UnreadableEvent("its compressed part is broken: " + broken.getMessage());
    } finally {
      inflater.end();
    }
  }
}
