package dev.halcyon.mysql;

import dev.halcyon.model.Refusal;
import java.util.List;
import java.util.Optional;

/**
 * The other servers that the user has named, to be asked what only they can say. Nobody else's
 * address is ever tried: an account's password goes to no server that only another one has named.
 */
public record Neighbours(List<ConnectionSettings> named) {
  public static final Neighbours NONE = new Neighbours(List.of());

  public Neighbours {
    named = List.copyOf(named);
  }

  /**
   * Whether applications may write to the server of this {@code server_id}.
   *
   * @return empty if none of those that answer is that one
   */
  public Optional<Boolean> writable(long serverId) {
    for (var settings : named) {
      try (var session = Server.connect(settings).open("neighbour")) {
        if (ServerIdentity.of(session).id() == serverId) {
          return Optional.of(!ReadOnly.closed(session));
        }
      } catch (Refusal | Fault silent) {
        // As if it had not been named: what it might say is then said not to be known.
      }
    }
    return Optional.empty();
  }
}
