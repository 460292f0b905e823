package dev.halcyon.proxy;

import dev.halcyon.proxy.digest.SessionRecord;
import dev.halcyon.proxy.login.ServerLogin;
import dev.halcyon.proxy.wire.OkPacket;
import dev.halcyon.proxy.wire.ServerStatus;
import dev.halcyon.proxy.wire.SessionChange;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * What binds a session to its server, as far as the server tells it and the commands' text shows
 * it. What is not known for certain counts as a bond. On the event loop only.
 */
final class SessionState {
  private static final int CURSORS = 1000;

  /** Character sets in which a backslash can be a character's second byte, and their collations. */
  private static final Set<String> HALF_CHARACTERS =
      Set.of("big5", "cp932", "gb18030", "gbk", "sjis");

  private static final Set<Integer> HALF_CHARACTER_COLLATIONS =
      Set.of(1, 84, 13, 88, 28, 87, 95, 96, 248, 249, 250);

  private final LongSupplier nanoTime;
  private final boolean tracked;
  private final SessionRecord record;

  private final EnumSet<Hindrance> bonds = EnumSet.noneOf(Hindrance.class);

  /** Of prepared statements, which may be executed at any time. */
  private final EnumSet<Hindrance> preparedBonds = EnumSet.noneOf(Hindrance.class);

  private final Set<Long> cursors = new HashSet<>();
  private int status;
  private long transactionBegan;
  private boolean uncertain;
  private boolean callsPrepared;
  private boolean halfCharacters;

  SessionState(LongSupplier nanoTime, ServerLogin.Entry entry, SessionRecord record) {
    this.nanoTime = nanoTime;
    this.status = entry.status();
    this.tracked = entry.tracked();
    this.record = record;
    record.backslashEscapes(!ServerStatus.NO_BACKSLASH_ESCAPES.in(status));
    halfCharacters(HALF_CHARACTER_COLLATIONS.contains(entry.request().collation()));
  }

  SessionRecord record() {
    return record;
  }

  private void halfCharacters(boolean halves) {
    halfCharacters = halves;
    record.halfCharacters(halves);
  }

  boolean tracked() {
    return tracked;
  }

  /** Whether the next plain OK would tell more than is known now. */
  boolean uncertain() {
    return uncertain;
  }

  /**
   * Whether a backslash in the text may be something else than an escape: a plain one, or half of a
   * character.
   */
  boolean backslashIsDoubtful() {
    return !tracked || halfCharacters || ServerStatus.NO_BACKSLASH_ESCAPES.in(status);
  }

  /** The command is on its way to the server. */
  void sent(Command command) {
    var prepared = command.kind() == Command.Kind.PREPARE;
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
      }
      case SILENT, SIMPLE, STATISTICS, FETCH, FIELD_LIST, RESET -> {}
    }
  }

  /** The statement, and with it its cursor, is gone or begins anew. */
  void statementClosed(long statement) {
    cursors.remove(statement);
  }

  void succeeded(Command command, OkPacket ok) {
    if (command.kind() == Command.Kind.RESET) {
      bonds.clear();
      preparedBonds.clear();
      cursors.clear();
      callsPrepared = false;
      record.reset();
    }
    status(command, ok.status());
    for (var change : ok.changes()) {
      switch (change) {
        case SessionChange.Transaction transaction -> tableLock(transaction);
        case SessionChange.State(boolean changed) -> stateChanged(command, changed);
        case SessionChange.Variable(String name, String value) -> {
          switch (name) {
            case "character_set_client" -> halfCharacters(HALF_CHARACTERS.contains(value));
            case "sql_mode" -> record.sqlMode(value);
            default -> {}
          }
        }
        case SessionChange.Schema(String name) -> record.schema(name);
        case SessionChange.Characteristics _ -> {}
        case SessionChange.Other _ -> {}
      }
    }
  }

  void status(Command command, int now) {
    boolean before = ServerStatus.IN_TRANSACTION.in(status);
    boolean after = ServerStatus.IN_TRANSACTION.in(now);
    if (after && !before) {
      transactionBegan = nanoTime.getAsLong();
    }
    status = now;
    record.backslashEscapes(!ServerStatus.NO_BACKSLASH_ESCAPES.in(now));
    uncertain = false;
    if (ServerStatus.LAST_ROW_SENT.in(now)) {
      cursors.remove(command.statement());
    } else if (ServerStatus.CURSOR_OPEN.in(now)) {
      if (cursors.size() < CURSORS) {
        cursors.add(command.statement());
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
    boolean transaction = ServerStatus.IN_TRANSACTION.in(status);
    if (transaction) {
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
        transaction ? Duration.ofNanos(nanoTime.getAsLong() - transactionBegan) : Duration.ZERO);
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
