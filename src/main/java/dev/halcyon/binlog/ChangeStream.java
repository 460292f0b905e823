package dev.halcyon.binlog;

import com.github.shyiko.mysql.binlog.network.ServerException;
import dev.halcyon.model.Engine;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Failure;
import dev.halcyon.mysql.ReplicationAccess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The changes of some tables as they happen. A thread reads the log ahead of who takes the items,
 * by a bounded number of bytes; a lost connection is opened again at the end of the last whole
 * transaction. {@link #next} and {@link #close} are for one thread.
 */
public final class ChangeStream implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ChangeStream.class);
  private static final Duration PAUSE = Duration.ofMillis(200);

  /** Transactions without changes are told of this often. */
  private static final Duration QUIET = Duration.ofMillis(50);

  private final Settings settings;
  private final Position from;
  private final List<WatchedTable> tables;
  private final ItemQueue queue;
  private final Thread reader;
  private volatile boolean closed;
  private volatile @Nullable BinlogConnection connection;

  /**
   * @param patience how long the server may stay away
   * @param bytes that may be read ahead
   * @param own texts; a statement that holds one of them is of whoever follows, and tells nothing
   *     of others
   */
  public record Settings(
      ReplicationAccess access, Engine engine, Duration patience, long bytes, Set<String> own) {
    public Settings {
      own = Set.copyOf(own);
    }
  }

  private ChangeStream(Settings settings, Position from, List<WatchedTable> tables) {
    this.settings = settings;
    this.from = from;
    this.tables = List.copyOf(tables);
    this.queue = new ItemQueue(settings.bytes());
    this.reader = Thread.ofPlatform().daemon().name("halcyon-binlog").unstarted(this::run);
  }

  /**
   * Begins to read; the first failure comes out of {@link #next}.
   *
   * @param tables with the columns that they have now
   */
  public static ChangeStream open(Settings settings, Position from, List<WatchedTable> tables) {
    var stream = new ChangeStream(settings, from, tables);
    stream.reader.start();
    return stream;
  }

  /**
   * The next item; empty when none comes in time.
   *
   * @throws Failure HAL-406 when the log cannot be followed any further, HAL-404 when somebody
   *     changed a table's shape, HAL-403 when the server stays away, HAL-405 when interrupted
   */
  public Optional<StreamItem> next(Duration patience) {
    try {
      return queue.poll(patience);
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw failure(ErrorCode.STOPPED, "interrupted", interruption);
    }
  }

  /** Ends the reading and waits for its end. */
  @Override
  public void close() {
    closed = true;
    queue.close();
    reader.interrupt();
    var open = connection;
    if (open != null) {
      open.close();
    }
    var interrupted = false;
    while (reader.isAlive()) {
      try {
        reader.join();
      } catch (InterruptedException interruption) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    var position = from;
    var lostSince = 0L;
    while (!closed) {
      var decoder = new EventDecoder(position, tables, settings.own(), new Filling());
      try {
        read(decoder);
      } catch (ServerException refused) {
        queue.fail(failure(ErrorCode.CAPTURE_BROKEN, words(refused), refused));
        return;
      } catch (SchemaChanged changed) {
        queue.fail(failure(ErrorCode.DRIFT, String.valueOf(changed.getMessage()), changed));
        return;
      } catch (IOException | UncheckedIOException lost) {
        var advanced = !decoder.position().equals(position);
        var now = System.nanoTime();
        lostSince = lostSince == 0 || advanced ? now : lostSince;
        position = decoder.position();
        if (closed || !goOn(lost, now - lostSince, position)) {
          return;
        }
      } catch (InterruptedException interruption) {
        return;
      } catch (RuntimeException unreadable) {
        queue.fail(
            failure(ErrorCode.CAPTURE_BROKEN, String.valueOf(unreadable.getMessage()), unreadable));
        return;
      }
    }
  }

  private void read(EventDecoder decoder) throws IOException, InterruptedException {
    try (var opened =
        BinlogConnection.open(settings.access(), settings.engine(), decoder.position())) {
      connection = opened;
      while (!closed) {
        try {
          decoder.accept(opened.read());
        } catch (QueueClosed end) {
          return;
        }
      }
    } finally {
      connection = null;
    }
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  private boolean goOn(Exception lost, long lostFor, Position position) {
    if (lostFor > settings.patience().toNanos()) {
      queue.fail(
          failure(
              ErrorCode.CONNECTION_LOST,
              "the server did not come back within "
                  + settings.patience().toSeconds()
                  + " s: "
                  + lost.getMessage(),
              lost));
      return false;
    }
    log.debug("the stream was lost, reading on from {}", position.text(), lost);
    try {
      if (!queue.put(new StreamItem.Discarded(position), 0)) {
        return false;
      }
      Thread.sleep(PAUSE);
      return true;
    } catch (InterruptedException interruption) {
      return false;
    }
  }

  private static String words(ServerException refused) {
    return refused.getErrorCode() + " (" + refused.getSqlState() + ") " + refused.getMessage();
  }

  private Failure failure(ErrorCode code, String detail, Throwable cause) {
    return new Failure(
        code,
        "follow the changes of " + tables.getFirst() + " in the binary log",
        detail,
        "The application's tables are as they were.",
        "Mend what is named, then type the same command again.",
        cause);
  }

  /** Nobody takes items any more. */
  private static final class QueueClosed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Fills the queue; leaves out most of the transactions that changed nothing. */
  private final class Filling implements EventSink {
    private boolean changed;
    private long told;

    @Override
    public void changed(WatchedTable table, List<RowChange> changes, long origin) {
      changed = true;
      put(new StreamItem.Changed(table, changes, origin), weight(changes));
    }

    @Override
    public void committed(Position after) {
      var now = System.nanoTime();
      if (changed || now - told > QUIET.toNanos()) {
        put(new StreamItem.Committed(after), 100);
        told = now;
      }
      changed = false;
    }

    @Override
    public void rolledBack(Position after) {
      put(new StreamItem.Discarded(after), 100);
      changed = false;
    }

    private void put(StreamItem item, long weight) {
      try {
        if (!queue.put(item, weight)) {
          throw new QueueClosed();
        }
      } catch (InterruptedException interruption) {
        Thread.currentThread().interrupt();
        throw new QueueClosed();
      }
    }

    private static long weight(List<RowChange> changes) {
      var bytes = 100L;
      for (var change : changes) {
        bytes +=
            switch (change) {
              case RowChange.Inserted(var after) -> after.bytes();
              case RowChange.Deleted(var before) -> before.bytes();
              case RowChange.Updated(var before, var after) -> before.bytes() + after.bytes();
            };
      }
      return bytes;
    }
  }
}
