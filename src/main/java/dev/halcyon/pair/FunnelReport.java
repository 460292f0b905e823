package dev.halcyon.pair;

import dev.halcyon.proxy.Traffic.Moves;
import java.time.Duration;
import java.util.List;

/**
 * How a funnel, or its way back, went.
 *
 * @param from the server that clients have left
 * @param to the server that they are at now
 * @param proxies those that have led them there, by name
 * @param pause for how long their clients were held; zero if it was only brought to its end
 * @param notes what somebody has to know, for people
 */
public record FunnelReport(
    String from, String to, List<String> proxies, Duration pause, Moves moves, List<String> notes) {

  public FunnelReport {
    proxies = List.copyOf(proxies);
    notes = List.copyOf(notes);
  }
}
