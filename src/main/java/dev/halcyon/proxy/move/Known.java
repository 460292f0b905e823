package dev.halcyon.proxy.move;

import dev.halcyon.proxy.wire.Bytes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the proxy knows of a session at its boundary and no server tells at once.
 *
 * @param reported names of system variables that have changed, as the server has told them
 * @param parsing what the server has told last of the variables that statements are parsed by
 * @param doubtful whether more may have changed than was told
 * @param transaction what the open transaction has done, as the server has told it; one that has
 *     done nothing can be begun again
 * @param characteristics the statements that begin the next transaction as it must begin
 * @param severalStatements whether one command may have several, if the client has changed that
 * @param statements that are prepared, in the order of their preparation
 */
public record Known(
    Set<String> reported,
    Map<String, String> parsing,
    boolean doubtful,
    String transaction,
    String characteristics,
    Optional<Boolean> severalStatements,
    List<Statement> statements) {
  /** Of a session without one, and of one whose transaction was begun and not used. */
  public static final String NO_TRANSACTION = "________";

  public static final String UNUSED_TRANSACTION = "T_______";

  public Known {
    reported = Set.copyOf(reported);
    parsing = Map.copyOf(parsing);
    statements = List.copyOf(statements);
  }

  /**
   * A prepared statement.
   *
   * @param id by which the client knows it
   * @param schema that was the default when it was prepared; null for none
   * @param definitions a checksum of its parameters and columns as they were described to the
   *     client, if the client relies on them for good
   */
  public record Statement(
      int id, Bytes text, @Nullable String schema, int parameters, Optional<Long> definitions) {}
}
