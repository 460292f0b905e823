package dev.halcyon.proxy.digest;

import dev.halcyon.sql.Touches;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Statements that differ in nothing but literals, of one user and with one schema in force.
 *
 * @param text without literals and comments; empty if it cannot be read
 * @param reading how far the text can be trusted
 * @param hosts addresses that it came from, at most {@value #HOSTS}
 * @param otherHosts whether it came from others as well
 * @param schema in force; empty text for none; empty if it is not known
 * @param count how often it was sent; of a prepared one how often it was executed
 * @param touches {@link Touches#ANYTHING} if the text is not whole or in doubt
 */
public record Digest(
    String text,
    Reading reading,
    String user,
    List<String> hosts,
    boolean otherHosts,
    Optional<String> schema,
    long count,
    Instant firstSeen,
    Instant lastSeen,
    Touches touches) {
  static final int HOSTS = 16;

  public Digest {
    hosts = List.copyOf(hosts);
  }

  /** The same one, as two recorders have counted it. */
  Digest plus(Digest other) {
    var together = Stream.concat(hosts.stream(), other.hosts.stream()).distinct().toList();
    return new Digest(
        text,
        reading,
        user,
        together.subList(0, Math.min(HOSTS, together.size())),
        otherHosts || other.otherHosts || together.size() > HOSTS,
        schema,
        count + other.count,
        firstSeen.isBefore(other.firstSeen) ? firstSeen : other.firstSeen,
        lastSeen.isAfter(other.lastSeen) ? lastSeen : other.lastSeen,
        touches);
  }

  /** How far a text can be trusted. */
  public enum Reading {
    WHOLE,
    /** Only its beginning is kept, or was looked at. */
    CUT,
    /** Where strings begin and end is not certain. */
    DOUBTFUL,
    /** It is not known at all. */
    UNREADABLE
  }
}
