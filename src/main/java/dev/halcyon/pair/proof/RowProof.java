package dev.halcyon.pair.proof;

import dev.halcyon.model.Engine;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Failure;
import dev.halcyon.mysql.Link;
import dev.halcyon.mysql.Row;
import dev.halcyon.mysql.Session;
import dev.halcyon.pair.LoggedMode;
import dev.halcyon.sql.Sql;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Writes rows into a scratch table of one server and looks what the other one's applier makes of
 * them in a scratch table of another shape. The tables are made on both sides out of the binary
 * log; the rows are logged. If they stop the applier, its scratch table is replaced by one of the
 * sender's shape and the applier started again, so that the link lives on.
 *
 * <p>For one thread.
 */
public final class RowProof {
  private static final String ROUND = "0.2";

  private final ScratchPair pair;
  private final Duration patience;

  /**
   * @param patience how long rows may take to arrive
   */
  public RowProof(ScratchPair pair, Duration patience) {
    this.pair = pair;
    this.patience = patience;
  }

  /** From the active server to the passive one. */
  public Arrival forward(Crossing crossing) {
    return cross(pair.active(), pair.passive(), crossing, false);
  }

  /** From the passive server to the active one. */
  public Arrival backward(Crossing crossing) {
    return cross(pair.passive(), pair.active(), crossing, true);
  }

  private Arrival cross(Session sender, Session receiver, Crossing crossing, boolean ownDomain) {
    make(sender, crossing.table(), crossing.sent());
    make(receiver, crossing.table(), crossing.received());
    var position = write(sender, crossing.writes(), ownDomain);
    var end = System.nanoTime() + patience.toNanos();
    while (!arrived(receiver, position)) {
      var error = error(receiver);
      if (error.isPresent()) {
        mend(receiver, crossing, position);
        return new Arrival.Stopped(error.get());
      }
      if (System.nanoTime() > end) {
        return new Arrival.Late();
      }
    }
    return compare(sender, receiver, crossing);
  }

  private static void make(Session session, String table, String create) {
    session.execute("DROP TABLE IF EXISTS " + Sql.name(table));
    session.execute("SET SESSION foreign_key_checks = 0");
    try {
      session.execute(create);
    } finally {
      session.execute("SET SESSION foreign_key_checks = 1");
    }
  }

  /** Gives the position that stands for having applied all of it. */
  private static String write(Session sender, List<String> writes, boolean ownDomain) {
    boolean domain = ownDomain && sender.engine() == Engine.MARIADB;
    if (domain) {
      sender.execute("SET SESSION gtid_domain_id = " + LoggedMode.DOMAIN);
    }
    sender.execute("SET SESSION sql_log_bin = 1");
    try {
      sender.inTransaction(() -> writes.forEach(sender::execute));
      var position =
          switch (sender.engine()) {
            case MARIADB -> "SELECT @@last_gtid";
            case MYSQL -> "SELECT REPLACE(@@GLOBAL.gtid_executed, '\n', '')";
          };
      return sender.first(position).orElseThrow().string(1);
    } finally {
      sender.execute("SET SESSION sql_log_bin = 0");
      if (domain) {
        sender.execute("SET SESSION gtid_domain_id = DEFAULT");
      }
    }
  }

  private static boolean arrived(Session receiver, String position) {
    var wait =
        switch (receiver.engine()) {
          case MARIADB -> "SELECT MASTER_GTID_WAIT(";
          case MYSQL -> "SELECT WAIT_FOR_EXECUTED_GTID_SET(";
        };
    return receiver
        .first(wait + Sql.literal(position) + ", " + ROUND + ")")
        .filter(row -> !row.isNull(1) && row.longValue(1) == 0)
        .isPresent();
  }

  private void mend(Session receiver, Crossing crossing, String position) {
    make(receiver, crossing.table(), crossing.sent());
    Link.startApplier(receiver);
    var end = System.nanoTime() + patience.toNanos();
    while (!arrived(receiver, position)) {
      var error = error(receiver);
      if (error.isPresent() || System.nanoTime() > end) {
        throw new Failure(
            ErrorCode.PAIR_NOT_READY,
            "start the applier again after a proof",
            error.orElse("it is not where it was in time"),
            "The applier stands; the scratch table that it needs is there until this ends.",
            "halcyon pair status",
            null);
      }
    }
  }

  /** What stopped the applier. */
  private static Optional<String> error(Session receiver) {
    return Link.into(receiver).stream()
        .filter(link -> !link.applying() && !link.error().isEmpty())
        .map(Link::error)
        .findFirst();
  }

  private static Arrival compare(Session sender, Session receiver, Crossing crossing) {
    var sent = rows(sender, crossing, true);
    var received = rows(receiver, crossing, false);
    return sent.equals(received)
        ? new Arrival.Equal(sent.size())
        : new Arrival.Different(sent.toString(), received.toString());
  }

  private static List<String> rows(Session session, Crossing crossing, boolean sender) {
    var columns =
        crossing.twins().stream()
            .map(twin -> expression(sender ? twin.sent() : twin.received(), twin.text()))
            .collect(Collectors.joining(", "));
    return session.query("SELECT " + columns + " FROM " + Sql.name(crossing.table())).stream()
        .map(RowProof::text)
        .sorted()
        .toList();
  }

  private static String expression(String column, boolean text) {
    var name = Sql.name(column);
    return text ? "HEX(CONVERT(CAST(" + name + " AS CHAR) USING utf8mb4))" : "HEX(" + name + ")";
  }

  private static String text(Row row) {
    return row.values().stream()
        .map(value -> value == null ? "NULL" : value.toString().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(","));
  }
}
