package dev.halcyon.pair;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What clients aside has to change its server, as it was before an operation; kept in the journal.
 *
 * @param places the server that each proxy led its clients to, by the proxy's name
 * @param events that ran on the server that is left, each as {@code `schema`.`event`}
 */
record Belongings(Map<String, String> places, List<String> events) {
  private static final String PROXY = "proxy";
  private static final String EVENT = "event";

  Belongings {
    places = Map.copyOf(places);
    events = List.copyOf(events);
  }

  static Belongings of(PairRecord record) {
    var places = new LinkedHashMap<String, String>();
    var events = new ArrayList<String>();
    record
        .detail()
        .lines()
        .map(line -> line.split("\t", -1))
        .forEach(
            parts -> {
              if (parts.length == 3 && parts[0].equals(PROXY)) {
                places.put(parts[1], parts[2]);
              } else if (parts.length == 2 && parts[0].equals(EVENT)) {
                events.add(parts[1]);
              }
            });
    return new Belongings(places, events);
  }

  String text() {
    var text = new StringBuilder();
    places.forEach((proxy, server) -> text.append("%s\t%s\t%s\n".formatted(PROXY, proxy, server)));
    events.forEach(event -> text.append("%s\t%s\n".formatted(EVENT, event)));
    return text.toString();
  }

  /** The proxies that led their clients to the server. */
  List<String> at(String server) {
    return places.entrySet().stream()
        .filter(entry -> entry.getValue().equals(server))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }
}
