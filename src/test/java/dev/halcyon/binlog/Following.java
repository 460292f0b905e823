package dev.halcyon.binlog;

import dev.halcyon.binlog.RowChange.Deleted;
import dev.halcyon.binlog.RowChange.Inserted;
import dev.halcyon.binlog.RowChange.Updated;
import dev.halcyon.model.Column;
import dev.halcyon.mysql.Catalog;
import dev.halcyon.mysql.ConnectionSettings;
import dev.halcyon.mysql.Server;
import dev.halcyon.testing.Database;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A stream over some tables of a test's schema, and what came out of it. */
final class Following implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final List<WatchedTable> tables;
  private final ChangeStream stream;
  private final List<StreamItem.Changed> pending = new ArrayList<>();

  private Following(List<WatchedTable> tables, ChangeStream stream) {
    this.tables = tables;
    this.stream = stream;
  }

  /** From now on. */
  static Following of(Database database, String... tables) {
    var server = server(database);
    try (var session = server.open("test")) {
      return from(database, Positions.now(session), 1 << 20, tables);
    }
  }

  static Following from(Database database, Position position, long bytes, String... names) {
    var server = server(database);
    try (var session = server.open("test")) {
      var tables =
          Catalog.tables(session, database.schema(), List.of(names)).values().stream()
              .map(t -> new WatchedTable(database.schema(), t.name(), t.columns()))
              .toList();
      var settings =
          new ChangeStream.Settings(
              server.replicationAccess(), server.engine(), PATIENCE, bytes, Set.of());
      return new Following(tables, ChangeStream.open(settings, position, tables));
    }
  }

  static Server server(Database database) {
    return Server.connect(
        new ConnectionSettings(database.url(), database.user(), database.password()));
  }

  static Position now(Database database) {
    try (var session = server(database).open("test")) {
      return Positions.now(session);
    }
  }

  /**
   * @param text what {@link #text} gives of the transaction's changes
   */
  record Transaction(List<String> text, List<RowChange> changes, Position after) {}

  /** The next transaction that changed something. */
  Transaction next() {
    var end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      var item = stream.next(Duration.ofMillis(100));
      if (item.isEmpty()) {
        continue;
      }
      switch (item.get()) {
        case StreamItem.Changed changed -> pending.add(changed);
        case StreamItem.Discarded ignored -> pending.clear();
        case StreamItem.Committed(var after) -> {
          if (!pending.isEmpty()) {
            var text = pending.stream().flatMap(c -> text(c).stream()).toList();
            var changes = pending.stream().flatMap(c -> c.changes().stream()).toList();
            pending.clear();
            return new Transaction(text, changes, after);
          }
        }
      }
    }
    throw new AssertionError("no change came in " + PATIENCE);
  }

  WatchedTable table(String name) {
    return tables.stream().filter(t -> t.name().equals(name)).findFirst().orElseThrow();
  }

  private static List<String> text(StreamItem.Changed changed) {
    return changed.changes().stream().map(c -> text(changed.table(), c)).toList();
  }

  private static String text(WatchedTable table, RowChange change) {
    return switch (change) {
      case Inserted(var after) -> "+" + values(table, after);
      case Deleted(var before) -> "-" + values(table, before);
      case Updated(var before, var after) -> values(table, before) + ">" + values(table, after);
    };
  }

  /** All columns that are not generated, as SQL, in parentheses. */
  static String values(WatchedTable table, RowImage image) {
    var sql = new StringBuilder("(");
    for (var i = 0; i < table.columns().size(); i++) {
      Column column = table.columns().get(i);
      if (column.generated() == null) {
        image.appendLiteral(sql.append(sql.length() > 1 ? "," : ""), i, column);
      }
    }
    return sql.append(")").toString();
  }

  @Override
  public void close() {
    stream.close();
  }
}
