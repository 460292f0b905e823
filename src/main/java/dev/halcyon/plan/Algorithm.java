package dev.halcyon.plan;

/** How the server carries out an ALTER, asked for explicitly so that it refuses a wrong guess. */
public enum Algorithm {
  /** Only the catalogue changes. */
  INSTANT("ALGORITHM=INSTANT", false),
  /** In place without rebuilding the table; MariaDB can be asked for exactly this. */
  NOCOPY("ALGORITHM=NOCOPY, LOCK=NONE", false),
  /** In place, possibly rebuilding the table, while others read and write. */
  INPLACE("ALGORITHM=INPLACE, LOCK=NONE", true),
  /** MariaDB's copy with its own change log, while others read and write. */
  ONLINE_COPY("ALGORITHM=COPY, LOCK=NONE", true),
  /** In place, writers wait. */
  INPLACE_SHARED("ALGORITHM=INPLACE, LOCK=SHARED", true),
  /** A copy of every row, writers wait. */
  COPY("ALGORITHM=COPY, LOCK=SHARED", true),
  /** Not an ALTER: creating and dropping objects knows no algorithm. */
  NONE("", false);

  private final String clause;
  private final boolean readsTable;

  Algorithm(String clause, boolean readsTable) {
    this.clause = clause;
    this.readsTable = readsTable;
  }

  /** The clause to append to an ALTER, empty for {@link #NONE}. */
  public String clause() {
    return clause;
  }

  /** Whether its time grows with the table. */
  public boolean readsTable() {
    return readsTable;
  }

  /** Whether writers of the table wait until it is done. */
  public boolean blocksWriters() {
    return this == COPY || this == INPLACE_SHARED;
  }
}
