package dev.halcyon.binlog;

import com.github.luben.zstd.ZstdInputStream;
import dev.halcyon.binlog.Position.FileOffset;
import dev.halcyon.binlog.Position.MariaDbGtids;
import dev.halcyon.binlog.Position.MySqlGtids;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Takes the log apart: which rows changed in which transaction. What it does not understand ends it
 * with an error; nothing is skipped but what tells nothing about rows. For one thread, and for one
 * connection.
 */
final class EventDecoder {
  private static final int MARIADB_STANDALONE = 1;
  private static final long LOW_32 = 0xffff_ffffL;

  private final List<WatchedTable> tables;
  private final Set<String> own;
  private final EventSink sink;

  /** Those of the transaction; empty for tables that nobody watches. */
  private final Map<Long, Optional<TableMap>> maps = new HashMap<>();

  /** Tables of the transaction that are not of the shape that is expected. */
  private final Map<Long, SchemaChanged> misfits = new HashMap<>();

  private final Map<String, List<ColumnCode>> shapes = new HashMap<>();
  private Position position;
  private @Nullable Position next;
  private String file = "";
  private long offset;
  private boolean inGroup;
  private boolean changed;

  /**
   * @param own texts of statements that are known and change nothing
   */
  EventDecoder(Position from, List<WatchedTable> tables, Set<String> own, EventSink sink) {
    this.position = from;
    this.tables = List.copyOf(tables);
    this.own = Set.copyOf(own);
    this.sink = sink;
  }

  /** The end of the last transaction that was read whole. */
  Position position() {
    return position;
  }

  /** Reads the next event. */
  void accept(RawEvent event) {
    if (event.type() == EventCode.ROTATE) {
      var body = event.body();
      offset = body.number(8);
      file = body.text(body.left());
      return;
    }
    if (event.nextOffset() > 0) {
      advance(event.nextOffset());
    }
    if (event.type() == EventCode.TRANSACTION_PAYLOAD) {
      payload(event);
    } else {
      read(event);
    }
  }

  /** Headers have 32 bits of the place; a large transaction takes a file beyond that. */
  private void advance(long low) {
    var place = (offset & ~LOW_32) | low;
    offset = place < offset ? place + LOW_32 + 1 : place;
  }

  private void read(RawEvent event) {
    switch (event.type()) {
      case EventCode.GTID -> begin(mySqlGtid(event.body()));
      case EventCode.ANONYMOUS_GTID -> begin(null);
      case EventCode.GTID_TAGGED -> {
        if (position instanceof MySqlGtids) {
          throw new UnreadableEvent("a transaction whose GTID has a tag");
        }
        begin(null);
      }
      case EventCode.MARIADB_GTID -> mariaDbGtid(event);
      case EventCode.QUERY -> query(event.body(), false);
      case EventCode.QUERY_COMPRESSED -> query(event.body(), true);
      case EventCode.TABLE_MAP -> tableMap(event.body());
      case EventCode.XID -> commit();
      case EventCode.XA_PREPARE -> prepared(event.body());
      case EventCode.PARTIAL_UPDATE_ROWS -> {
        requireShape(RowsEvent.tableId(event));
        if (maps.getOrDefault(RowsEvent.tableId(event), Optional.empty()).isPresent()) {
          throw new UnreadableEvent(
              "a session wrote with binlog_row_value_options=PARTIAL_JSON, which does not tell"
                  + " whole rows");
        }
      }
      default -> rowsOrNothing(event);
    }
  }

  private void rowsOrNothing(RawEvent event) {
    if (RowsEvent.is(event.type())) {
      requireShape(RowsEvent.tableId(event));
      var map = maps.get(RowsEvent.tableId(event));
      if (map == null) {
        throw new UnreadableEvent("rows of a table that was not named before them");
      }
      if (map.isPresent()) {
        changed = true;
        sink.changed(map.get().table(), RowsEvent.read(event, map.get()), event.serverId());
      }
    } else if (event.type() != EventCode.FORMAT_DESCRIPTION
        && !EventCode.withoutRows(event.type())
        && !event.ignorable()) {
      throw new UnreadableEvent("an event of type " + event.type());
    }
  }

  /** Several events in one, compressed. They have no checksums of their own. */
  private void payload(RawEvent event) {
    var body = event.body();
    var zstd = false;
    while (true) {
      var field = body.packed();
      if (field == 0) {
        break;
      }
      var length = Math.toIntExact(body.packed());
      if (field == 2) {
        zstd = body.packed() == 0;
      } else {
        body.step(length);
      }
    }
    if (!zstd) {
      throw new UnreadableEvent("a transaction that is compressed, but not with zstd");
    }
    try (var stream =
        new ZstdInputStream(new ByteArrayInputStream(body.array(), body.at(), body.left()))) {
      var header = stream.readNBytes(RawEvent.HEADER);
      while (header.length == RawEvent.HEADER) {
        var size = Math.toIntExact(new EventBuffer(header, 9, 13).unsigned32());
        var bytes = Arrays.copyOf(header, size);
        if (stream.readNBytes(bytes, RawEvent.HEADER, size - RawEvent.HEADER)
            != size - RawEvent.HEADER) {
          throw new UnreadableEvent("a compressed transaction that ends early");
        }
        read(RawEvent.of(bytes, false));
        header = stream.readNBytes(RawEvent.HEADER);
      }
    } catch (IOException broken) {
      throw new UnreadableEvent("a compressed transaction: " + broken.getMessage());
    }
  }

  private void begin(@Nullable Position after) {
    next = after;
    inGroup = false;
    changed = false;
  }

  private @Nullable Position mySqlGtid(EventBuffer body) {
    if (!(position instanceof MySqlGtids done)) {
      return null;
    }
    body.step(1);
    var high = bigEndian(body);
    var low = bigEndian(body);
    return done.with(new UUID(high, low) + ":" + body.number(8));
  }

  private static long bigEndian(EventBuffer body) {
    return Long.reverseBytes(body.number(8));
  }

  private void mariaDbGtid(RawEvent event) {
    var body = event.body();
    var sequence = body.number(8);
    var domain = body.unsigned32();
    var standalone = (body.unsigned8() & MARIADB_STANDALONE) != 0;
    begin(
        position instanceof MariaDbGtids last
            ? last.with(domain, event.serverId(), sequence)
            : null);
    inGroup = !standalone;
  }

  private void query(EventBuffer body, boolean compressed) {
    body.step(8);
    var schemaLength = body.unsigned8();
    body.step(2);
    body.step(body.unsigned16());
    var schema = body.text(schemaLength);
    body.step(1);
    String sql;
    if (compressed) {
      var inflated = new EventBuffer(RowsEvent.inflated(body));
      sql = inflated.text(inflated.left());
    } else {
      sql = body.text(body.left());
    }
    statement(schema, sql.strip());
  }

  private void statement(String schema, String sql) {
    var upper = sql.substring(0, Math.min(sql.length(), 20)).toUpperCase(Locale.ROOT);
    if (upper.equals("BEGIN") || upper.startsWith("XA START") || upper.startsWith("XA BEGIN")) {
      inGroup = true;
    } else if (upper.equals("COMMIT") || upper.startsWith("XA COMMIT")) {
      commit();
    } else if (upper.equals("ROLLBACK") || upper.startsWith("XA ROLLBACK")) {
      ended();
      sink.rolledBack(position);
    } else if (!upper.startsWith("SAVEPOINT")
        && !upper.startsWith("ROLLBACK")
        && !upper.startsWith("XA END")) {
      if (own.stream().noneMatch(sql::contains)) {
        ForeignStatement.judge(schema, sql, tables);
      }
      if (!inGroup) {
        commit();
      }
    }
  }

  private void tableMap(EventBuffer body) {
    var name = TableMap.name(body);
    var watched =
        tables.stream()
            .filter(t -> t.name().equals(name.table()) && t.schema().equals(name.schema()))
            .findFirst();
    try {
      maps.put(name.id(), watched.map(table -> TableMap.read(name, body, table)));
    } catch (SchemaChanged misfit) {
      // A server names tables whose rows do not follow: those that are locked by LOCK TABLES.
      misfits.put(name.id(), misfit);
    }
  }

  private void requireShape(long id) {
    var misfit = misfits.get(id);
    if (misfit != null) {
      throw misfit;
    }
    maps.getOrDefault(id, Optional.empty())
        .ifPresent(
            map -> {
              var before = shapes.putIfAbsent(map.table().name(), map.codes());
              if (before != null && !before.equals(map.codes())) {
                throw new SchemaChanged(
                    "the columns of " + map.table() + " are not what they were");
              }
            });
  }

  private void prepared(EventBuffer body) {
    var onePhase = body.unsigned8() != 0;
    if (onePhase) {
      commit();
    } else if (changed) {
      throw new UnreadableEvent(
          "an XA transaction changed a watched table and is only prepared; whether it commits is"
              + " not known");
    } else {
      ended();
      sink.rolledBack(position);
    }
  }

  private void commit() {
    ended();
    sink.committed(position);
  }

  private void ended() {
    maps.clear();
    misfits.clear();
    inGroup = false;
    changed = false;
    var after = next;
    next = null;
    if (after != null) {
      position = after;
    } else if (position instanceof FileOffset) {
      position = new FileOffset(file, offset);
    }
  }
}
