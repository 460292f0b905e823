package dev.halcyon.mysql;

import org.jspecify.annotations.Nullable;

/**
 * What went wrong with a statement, by what the caller may do about it. The message never holds a
 * password; {@link #sql} is complete, in the message it is cut short.
 */
public abstract sealed class Fault extends RuntimeException
    permits Fault.Refused, Fault.Transient, Fault.OutcomeUnknown, Fault.Broken {
  private static final long serialVersionUID = 1L;
  private static final int SHOWN = 300;

  private final int code;
  private final String sqlState;
  private final String words;
  private final String sql;

  private Fault(int code, String sqlState, String words, String sql, @Nullable Throwable cause) {
    super(text(code, sqlState, words) + shortened(sql), cause);
    this.code = code;
    this.sqlState = sqlState;
    this.words = words;
    this.sql = sql;
  }

  /** The server answered with an error; the statement had no effect. A repeat would fail again. */
  public static final class Refused extends Fault {
    private static final long serialVersionUID = 1L;

    public Refused(int code, String sqlState, String words, String sql, @Nullable Throwable cause) {
      super(code, sqlState, words, sql, cause);
    }
  }

  /**
   * The server answered with an error that passes: a lock wait that took too long, a deadlock, too
   * many connections. The statement had no effect; inside a transaction the whole transaction is to
   * be repeated.
   */
  public static final class Transient extends Fault {
    private static final long serialVersionUID = 1L;

    public Transient(
        int code, String sqlState, String words, String sql, @Nullable Throwable cause) {
      super(code, sqlState, words, sql, cause);
    }
  }

  /**
   * The connection was lost after the statement may have reached the server: it may or may not have
   * taken effect, and may still be running. Look at the server; never repeat blindly.
   */
  public static final class OutcomeUnknown extends Fault {
    private static final long serialVersionUID = 1L;

    public OutcomeUnknown(
        int code, String sqlState, String words, String sql, @Nullable Throwable cause) {
      super(code, sqlState, words, sql, cause);
    }
  }

  /**
   * There is no connection, and the statement has no lasting effect: it was not sent, or only read,
   * or belonged to a transaction that can no longer commit. It may be repeated on a new session.
   */
  public static final class Broken extends Fault {
    private static final long serialVersionUID = 1L;

    public Broken(int code, String sqlState, String words, String sql, @Nullable Throwable cause) {
      super(code, sqlState, words, sql, cause);
    }
  }

  /** The server's error number; 0 if it is not the server that speaks. */
  public int code() {
    return code;
  }

  /** Five characters, or empty. */
  public String sqlState() {
    return sqlState;
  }

  /** The words of the server, or of the driver if the server did not answer. */
  public String words() {
    return words;
  }

  /** The whole statement, or what was done instead of one, in parentheses: {@code (connect)}. */
  public String sql() {
    return sql;
  }

  /** Code, SQLSTATE and words, without the statement: {@code 1146 (42S02) Table … }. */
  public String detail() {
    return text(code, sqlState, words);
  }

  private static String text(int code, String sqlState, String words) {
    var state = sqlState.isEmpty() ? "" : "(" + sqlState + ") ";
    return (code > 0 ? code + " " : "") + state + words;
  }

  private static String shortened(String sql) {
    var line = sql.strip().replaceAll("\\s+", " ");
    return " in: " + (line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "…");
  }
}
