package dev.halcyon.proxy.wire;

/**
 * What the two sides of a connection agree on. The lower 32 bits are those of both engines, the
 * upper 32 MariaDB's own.
 *
 * @see <a href="https://mariadb.com/kb/en/connection/">MariaDB: connection</a>
 */
public record Capabilities(long bits) {
  /** MySQL's name is CLIENT_LONG_PASSWORD. Whoever leaves it out knows MariaDB's own bits. */
  public static final long NOT_MARIADB = 1;

  public static final long FOUND_ROWS = 1 << 1;
  public static final long LONG_FLAG = 1 << 2;
  public static final long CONNECT_WITH_SCHEMA = 1 << 3;
  public static final long NO_SCHEMA = 1 << 4;
  public static final long ODBC = 1 << 6;
  public static final long LOCAL_FILES = 1 << 7;
  public static final long IGNORE_SPACE = 1 << 8;
  public static final long PROTOCOL_41 = 1 << 9;
  public static final long INTERACTIVE = 1 << 10;
  public static final long TLS = 1 << 11;
  public static final long IGNORE_SIGPIPE = 1 << 12;
  public static final long TRANSACTIONS = 1 << 13;
  public static final long RESERVED = 1 << 14;
  public static final long SECURE_CONNECTION = 1 << 15;
  public static final long MULTI_STATEMENTS = 1 << 16;
  public static final long MULTI_RESULTS = 1 << 17;
  public static final long PREPARED_MULTI_RESULTS = 1 << 18;
  public static final long PLUGIN_AUTH = 1 << 19;
  public static final long CONNECT_ATTRIBUTES = 1 << 20;
  public static final long LONG_AUTH_DATA = 1 << 21;
  public static final long EXPIRED_PASSWORDS = 1 << 22;
  public static final long SESSION_TRACK = 1 << 23;
  public static final long DEPRECATE_EOF = 1 << 24;
  public static final long QUERY_ATTRIBUTES = 1 << 27;

  /** Reports of how far a long statement is, as errors of a number that no error has. */
  public static final long PROGRESS = 1L << 32;

  public static final long BULK_OPERATIONS = 1L << 34;
  public static final long EXTENDED_METADATA = 1L << 35;
  public static final long CACHE_METADATA = 1L << 36;
  public static final long BULK_UNIT_RESULTS = 1L << 37;

  /**
   * What passes through this proxy. Left out: compression, MySQL's optional metadata and second
   * factor, MariaDB's bundles of commands; and TLS, which ends here.
   */
  public static final long PASSED =
      NOT_MARIADB
          | FOUND_ROWS
          | LONG_FLAG
          | CONNECT_WITH_SCHEMA
          | NO_SCHEMA
          | ODBC
          | LOCAL_FILES
          | IGNORE_SPACE
          | PROTOCOL_41
          | INTERACTIVE
          | IGNORE_SIGPIPE
          | TRANSACTIONS
          | RESERVED
          | SECURE_CONNECTION
          | MULTI_STATEMENTS
          | MULTI_RESULTS
          | PREPARED_MULTI_RESULTS
          | PLUGIN_AUTH
          | CONNECT_ATTRIBUTES
          | LONG_AUTH_DATA
          | EXPIRED_PASSWORDS
          | SESSION_TRACK
          | DEPRECATE_EOF
          | QUERY_ATTRIBUTES
          | PROGRESS
          | BULK_OPERATIONS
          | EXTENDED_METADATA
          | CACHE_METADATA
          | BULK_UNIT_RESULTS;

  /** Both halves. */
  static Capabilities of(long lower, long upper) {
    return new Capabilities((lower & 0xffffffffL) | upper << 32);
  }

  public boolean has(long capability) {
    return (bits & capability) == capability;
  }

  public Capabilities only(long mask) {
    return new Capabilities(bits & mask);
  }

  public Capabilities with(long more) {
    return new Capabilities(bits | more);
  }

  public Capabilities without(long fewer) {
    return new Capabilities(bits & ~fewer);
  }

  long lower() {
    return bits & 0xffffffffL;
  }

  long upper() {
    return bits >>> 32;
  }
}
