package dev.halcyon.proxy;

import dev.halcyon.proxy.TextEffects.Effects;

/**
 * A command that the server has yet to answer.
 *
 * @param statement id of the prepared statement, or 0
 * @param effects what its text does to the session beyond what the server tells
 * @param own whether the proxy itself asks; the client never sees the answer
 */
record Command(Kind kind, int statement, Effects effects, boolean own) {

  /** How commands are answered. */
  enum Kind {
    /** Not at all. */
    SILENT,
    /** By one OK, end-of-rows or error. */
    SIMPLE,
    /** By one packet of any content. */
    STATISTICS,
    /** By OKs, rows, requests for a file, any number of them. */
    QUERY,
    /** The same; the rows may stay behind in a cursor. */
    EXECUTE,
    /** By rows alone. */
    FETCH,
    /** By descriptions of columns. */
    FIELD_LIST,
    /** By an id and descriptions of columns. */
    PREPARE,
    /** As a simple one; the session begins anew. */
    RESET,
    /** By events without end. */
    STREAM;

    static Kind of(int command) {
      return switch (command) {
        case 0x01, 0x18, 0x19 -> SILENT;
        case 0x04 -> FIELD_LIST;
        case 0x09 -> STATISTICS;
        case 0x12, 0x15, 0x1e -> STREAM;
        case 0x03, 0x0a -> QUERY;
        case 0x16 -> PREPARE;
        case 0x17, 0xfa -> EXECUTE;
        case 0x1c -> FETCH;
        case 0x1f -> RESET;
        default -> SIMPLE;
      };
    }
  }

  static Command own(Kind kind) {
    return new Command(kind, 0, Effects.NONE, true);
  }
}
