package dev.halcyon.pair;

import dev.halcyon.mysql.ConnectionSettings;
import dev.halcyon.mysql.Server;
import dev.halcyon.mysql.Session;
import java.time.Duration;

/**
 * One server of the pair, which need not be up.
 *
 * @param name as the proxy names it
 */
public record Member(String name, ConnectionSettings settings) {
  /** A server that does not answer for so long is taken for dead or frozen. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /**
   * A session for short statements: whatever takes longer than 3 seconds loses it.
   *
   * @throws dev.halcyon.model.Refusal if the server does not let us in, or does not answer
   */
  public Session open(String purpose) {
    var separator = settings.url().contains("?") ? "&" : "?";
    return connect(
        new ConnectionSettings(
            settings.url() + separator + "socketTimeout=" + PATIENCE.toMillis(),
            settings.user(),
            settings.password(),
            settings.ca(),
            PATIENCE),
        purpose);
  }

  /**
   * A session for statements that may take hours.
   *
   * @throws dev.halcyon.model.Refusal if the server does not let us in, or does not answer
   */
  public Session openPatient(String purpose) {
    return connect(settings, purpose);
  }

  /**
   * Asks which server it is.
   *
   * @throws dev.halcyon.model.Refusal if it does not let us in, or does not answer
   */
  public Server server() {
    return Server.connect(settings);
  }

  private static Session connect(ConnectionSettings settings, String purpose) {
    return Server.connect(settings).open("pair " + purpose);
  }

  @Override
  public String toString() {
    return name;
  }
}
