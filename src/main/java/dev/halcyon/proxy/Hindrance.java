package dev.halcyon.proxy;

/** Why a session is not where it could be moved to another server without anybody noticing. */
public enum Hindrance {
  COMMAND("a command is under way"),
  TRANSACTION("a transaction is open"),
  UNCERTAIN_TRANSACTION("an error came last, which does not tell whether a transaction is open"),
  TABLE_LOCK("it holds locks of LOCK TABLES or FLUSH TABLES"),
  BACKUP_LOCK("it may hold a lock for backups"),
  USER_LOCK("it may hold a lock of GET_LOCK"),
  TEMPORARY_TABLE("it may have temporary tables"),
  HANDLER("it may have a table open by HANDLER"),
  CURSOR("a cursor is open"),
  XA("it may take part in an XA transaction"),
  TEXT_PREPARE("it has prepared statements by PREPARE or EXECUTE IMMEDIATE"),
  LONG_DATA("parameters of a prepared statement have been sent and not used yet"),
  PREPARED("it has a prepared statement that cannot be prepared again as it was"),
  NEXT_TRANSACTION("how its next transaction will begin is not known"),
  SEED("it has set the seed of RAND, which the server does not tell"),
  ROUTINE("a routine has changed the session's state"),
  REPLICATION("it receives the binary log"),
  UNREADABLE("the server told of a change that is too long to read"),
  UNHELD("it is idle, but nothing keeps it from going on");

  private final String words;

  Hindrance(String words) {
    this.words = words;
  }

  /** For people: a clause without its end. */
  public String words() {
    return words;
  }
}
