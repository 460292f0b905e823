package dev.halcyon.lint;

import dev.halcyon.model.Place;
import dev.halcyon.sql.AlterClause;
import java.util.Map;
import java.util.Optional;

/**
 * What a server has said, asked on empty copies, of the clauses of ALTER statements.
 *
 * @param ways by the place of the clause; none for what it was not asked about
 */
public record Accepted(Map<Place, Way> ways) {
  /** No server was asked. */
  public static final Accepted NOTHING = new Accepted(Map.of());

  /** The mildest way that it takes. */
  public enum Way {
    /** Without reading the table. */
    INSTANT,
    /** Within the table or by writing it anew, which this does not tell; nobody waits. */
    IN_PLACE,
    /** By writing the table anew, or while writers wait. */
    COPY
  }

  public Accepted {
    ways = Map.copyOf(ways);
  }

  Optional<Way> of(AlterClause clause) {
    return Optional.ofNullable(ways.get(clause.place()));
  }
}
