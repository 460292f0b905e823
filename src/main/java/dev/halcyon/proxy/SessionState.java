package dev.halcyon.proxy;

import dev.halcyon.proxy.digest.SessionRecord;
import dev.halcyon.proxy.login.ServerLogin;
import dev.halcyon.proxy.login.Tracking;
import dev.halcyon.proxy.move.Known;
import dev.halcyon.proxy.wire.OkPacket;
import dev.halcyon.proxy.wire.ServerStatus;
import dev.halcyon.proxy.wire.SessionChange;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What binds a session to its server, as far as the server tells it and the commands' text shows
 * it. What is not known for certain counts as a bond. On the event loop only.
 */
final class SessionState {
  private static final int CURSORS = 1000;

  /** More than any server has variables. */
  private static final int MOST_NAMES = 2000;

  private static final String UNKNOWN = "?";

  /** Character sets in which a backslash can be a character's second byte, and their collations. */
  private static final Set<String> HALF_CHARACTERS =
      Set.of("big5", "cp932", "gb18030", "gbk", "sjis");

  private static final Set<Integer> HALF_CHARACTER_COLLATIONS =
      Set.of(1, 84, 13, 88, 28, 87, 95, 96, 248, 249, 250);

  /** What statements are parsed by; the server tells of each by its own name. */
  private static final Set<String> PARSING =
      Set.of(
          "character_set_client",
          "character_set_connection",
          "character_set_results",
          "collation_connection",
          "sql_mode");

  /** Of what the server tells with every statement, or of each that writes. */
  private static final Set<String> NO_SETTINGS = Set.of("statement_id", "last_gtid");

  private static final Set<String> SEEDS = Set.of("rand_seed1", "rand_seed2");

  private final LongSupplier nanoTime;
  private final boolean tracked;
  private final SessionRecord record;
  private final Statements statements;

  private final EnumSet<Hindrance> bonds = EnumSet.noneOf(Hindrance.class);

  /** Of prepared statements, which may be executed at any time. */
  private final EnumSet<Hindrance> preparedBonds = EnumSet.noneOf(Hindrance.class);

  private final Set<Integer> cursors = new HashSet<>();
  private int status;
  private long transactionBegan;
  private boolean uncertain;
  private boolean callsPrepared;
  private boolean preparedMisleads;
  private boolean halfCharacters;

  /** Names of variables that have changed. */
  private final Set<String> reported = new HashSet<>(4);

  /** What the server has told last of those that statements are parsed by. */
  private final Map<String, String> parsing = new HashMap<>(4);

  private int settings;
  private @Nullable String schema;
  private String transaction = Known.NO_TRANSACTION;
  private String characteristics = "";
  private Optional<Boolean> severalStatements = Optional.empty();

  /** More may have changed than was told. */
  private boolean doubtful;

  /** An end of rows has come that can tell nothing; the next OK tells it. */
  private boolean untold;

  /** The client has changed what the server tells. */
  private boolean misled;

  SessionState(LongSupplier nanoTime, ServerLogin.Entry entry, SessionRecord record) {
    this.nanoTime = nanoTime;
    this.status = entry.status();
    this.tracked = entry.tracked();
    this.record = record;
    record.backslashEscapes(!ServerStatus.NO_BACKSLASH_ESCAPES.in(status));
    this.statements = new Statements(entry.capabilities());
    var login = entry.request().schema();
    this.schema = login.isEmpty() ? null : login.utf8();
    halfCharacters(HALF_CHARACTER_COLLATIONS.contains(entry.request().collation()));
  }

  SessionRecord record() {
    return record;
  }

  private void halfCharacters(boolean halves) {
    halfCharacters = halves;
    record.halfCharacters(halves);
  }

  Statements statements() {
    return statements;
  }

  /** Whether the server must be asked again to tell of every change. */
  boolean misled() {
    return misled;
  }

  /** It is being asked. */
  void corrected() {
    misled = false;
  }

  /** As far as it is known; empty for none. */
  String schema() {
    var known = schema;
    return known == null ? "" : known;
  }

  boolean tracked() {
    return tracked;
  }

  /** Whether the next plain OK would tell more than is known now. */
  boolean uncertain() {
    return uncertain || (tracked && untold);
  }

  /**
   * Whether a backslash in the text may be something else than an escape: a plain one, or half of a
   * character.
   */
  boolean backslashIsDoubtful() {
    return !tracked || halfCharacters || ServerStatus.NO_BACKSLASH_ESCAPES.in(status);
  }

  /** The client has allowed several statements in one command, or has forbidden them. */
  void severalStatements(boolean allowed) {
    severalStatements = Optional.of(allowed);
  }

  /** The command is on its way to the server. */
  void sent(Command command) {
    var prepared = command.kind() == Command.Kind.PREPARE;
    if (command.effects().misleads()) {
      mislead(command.effects().names());
      preparedMisleads |= prepared;
    }
    (prepared ? preparedBonds : bonds).addAll(command.effects().brings());
    switch (command.kind()) {
      case PREPARE -> callsPrepared |= command.effects().calls();
      case STREAM -> bonds.add(Hindrance.REPLICATION);
      case QUERY -> {
        if (command.effects().calls() && !tracked) {
          bonds.add(Hindrance.ROUTINE);
        }
      }
      case EXECUTE -> {
        if (callsPrepared && !tracked) {
          bonds.add(Hindrance.ROUTINE);
        }
        if (preparedMisleads) {
          mislead(Set.of());
        }
      }
      case SILENT, SIMPLE, STATISTICS, FETCH, FIELD_LIST, RESET -> {}
    }
  }

  /**
   * The server may tell of less now, of what the same text sets as well.
   *
   * @param names that it may have set; empty if they are not known
   */
  private void mislead(Set<String> names) {
    if (tracked) {
      misled = true;
      if (names.isEmpty() || reported.size() + names.size() > MOST_NAMES) {
        doubtful = true;
      } else {
        reported.addAll(names);
      }
      parsing.clear();
      settings++;
    }
  }

  /** The server has prepared a statement; the id that the client shall know it by. */
  int prepared(int server, int parameters) {
    return statements.prepared(server, parameters, schema, settings);
  }

  /** The statement, and with it its cursor, is gone or begins anew. */
  void statementClosed(int statement) {
    cursors.remove(statement);
  }

  void succeeded(Command command, OkPacket ok) {
    if (command.kind() == Command.Kind.RESET) {
      bonds.clear();
      preparedBonds.clear();
      cursors.clear();
      callsPrepared = false;
      preparedMisleads = false;
      record.reset();
      begunAnew();
    }
    status(command, ok.status());
    untold = false;
    for (var change : ok.changes()) {
      switch (change) {
        case SessionChange.Transaction told -> {
          transaction = told.flags();
          tableLock(told);
        }
        case SessionChange.State(boolean changed) -> stateChanged(command, changed);
        case SessionChange.Variable(String name, String value) -> variable(name, value);
        case SessionChange.Schema(String name) -> {
          schema = name.isEmpty() ? null : name;
          record.schema(name);
        }
        case SessionChange.Characteristics(String told) -> {
          characteristics = told;
          bonds.remove(Hindrance.NEXT_TRANSACTION);
        }
        case SessionChange.Other _ -> {}
      }
    }
  }

  private void begunAnew() {
    statements.clear();
    reported.clear();
    parsing.clear();
    settings++;
    doubtful = false;
    transaction = Known.NO_TRANSACTION;
    characteristics = "";
    severalStatements = Optional.empty();
  }

  private void variable(String name, String value) {
    if (name.startsWith("session_track_")) {
      misled |= !Tracking.isAsAsked(name, value);
    } else if (!NO_SETTINGS.contains(name)) {
      reported.add(name);
      if (SEEDS.contains(name) && value.equals("0")) {
        bonds.add(Hindrance.SEED); // MariaDB tells its seeds, and many others under their names
      }
      if (PARSING.contains(name) && !value.equals(parsing.put(name, value))) {
        settings++;
      }
      switch (name) {
        case "character_set_client" -> halfCharacters(HALF_CHARACTERS.contains(value));
        case "sql_mode" -> record.sqlMode(value);
        default -> {}
      }
    }
  }

  /** An end of rows of the older protocol. It cannot tell what has changed. */
  void ended(Command command, int now) {
    status(command, now);
    untold = true;
    if (ServerStatus.STATE_CHANGED.in(now)) {
      // MariaDB says that it would have told something, and never tells it.
      doubtful = true;
      transaction = UNKNOWN;
      if (!characteristics.isEmpty()) {
        bonds.add(Hindrance.NEXT_TRANSACTION);
      }
    }
  }

  private void status(Command command, int now) {
    boolean before = ServerStatus.IN_TRANSACTION.in(status);
    boolean after = ServerStatus.IN_TRANSACTION.in(now);
    if (after && !before) {
      transactionBegan = nanoTime.getAsLong();
    }
    status = now;
    record.backslashEscapes(!ServerStatus.NO_BACKSLASH_ESCAPES.in(now));
    uncertain = false;
    int statement = statements.named(command.statement());
    if (ServerStatus.LAST_ROW_SENT.in(now)) {
      cursors.remove(statement);
    } else if (ServerStatus.CURSOR_OPEN.in(now)) {
      if (cursors.size() < CURSORS) {
        cursors.add(statement);
      } else {
        bonds.add(Hindrance.CURSOR);
      }
    }
  }

  /** The whole answer has come, and no error in it. */
  void answered(Command command) {
    if (command.kind() != Command.Kind.PREPARE) {
      bonds.removeAll(command.effects().frees());
    }
  }

  /** An error tells no status; a deadlock, for one, has ended the transaction. */
  void failed(Command command) {
    uncertain = true;
    if (command.kind() == Command.Kind.PREPARE) {
      statements.refused();
    }
    if (command.own()) {
      bonds.add(Hindrance.UNREADABLE);
    }
  }

  /** An answer was too long to be read in full. */
  void unreadable() {
    bonds.add(Hindrance.UNREADABLE);
  }

  /** What binds it, commands under way aside. */
  Boundary boundary() {
    var hindrances = EnumSet.noneOf(Hindrance.class);
    hindrances.addAll(bonds);
    hindrances.addAll(preparedBonds);
    statements.hindrances(settings, hindrances);
    boolean open = ServerStatus.IN_TRANSACTION.in(status);
    if (open && !isUnused()) {
      hindrances.add(Hindrance.TRANSACTION);
    }
    if (uncertain) {
      hindrances.add(Hindrance.UNCERTAIN_TRANSACTION);
    }
    if (!cursors.isEmpty()) {
      hindrances.add(Hindrance.CURSOR);
    }
    return new Boundary(
        hindrances,
        Duration.ZERO,
        open ? Duration.ofNanos(nanoTime.getAsLong() - transactionBegan) : Duration.ZERO);
  }

  /** Whether its next statement is a transaction of its own. */
  boolean autocommits() {
    return tracked && ServerStatus.AUTOCOMMIT.in(status) && !ServerStatus.IN_TRANSACTION.in(status);
  }

  /** Begun, and nothing else. With a snapshot it is another one elsewhere. */
  private boolean isUnused() {
    return transaction.equals(Known.UNUSED_TRANSACTION) && !characteristics.contains("SNAPSHOT");
  }

  /** What it takes to make its session again; at a boundary only. */
  Known known() {
    boolean open = ServerStatus.IN_TRANSACTION.in(status);
    return new Known(
        reported,
        parsing,
        doubtful,
        open ? Known.UNUSED_TRANSACTION : Known.NO_TRANSACTION,
        characteristics,
        severalStatements,
        statements.known());
  }

  /** Another server goes on with it. */
  void moved(int statusThere) {
    status = statusThere;
  }

  int status() {
    return status;
  }

  private void tableLock(SessionChange.Transaction transaction) {
    if (transaction.locksTables()) {
      bonds.add(Hindrance.TABLE_LOCK);
    }
  }

  private void stateChanged(Command command, boolean changed) {
    boolean routine =
        switch (command.kind()) {
          case QUERY -> command.effects().calls();
          case EXECUTE -> callsPrepared;
          case SILENT, SIMPLE, STATISTICS, FETCH, FIELD_LIST, PREPARE, RESET, STREAM -> false;
        };
    if (changed && routine) {
      bonds.add(Hindrance.ROUTINE);
    }
  }
}
