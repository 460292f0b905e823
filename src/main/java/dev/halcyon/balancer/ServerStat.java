package dev.halcyon.balancer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A server of a backend as {@code show stat} tells of it (<a
 * href="https://docs.haproxy.org/2.6/management.html#9.1">management guide, 9.1</a>).
 *
 * @param status {@code UP}, {@code no check}, {@code DRAIN}, {@code MAINT}, {@code DOWN 1/2}
 * @param weight as it was set, whatever its state
 * @param sessions those that are open and those that queue for it
 * @param limit of sessions that are open at once; 0 for none
 */
public record ServerStat(
    String name,
    String status,
    int weight,
    long sessions,
    long limit,
    boolean http,
    Counters counters) {

  /**
   * Reads the CSV.
   *
   * @throws BalancerException if it is not what {@code show stat} answers
   */
  public static List<ServerStat> parse(String csv) {
    List<String> lines = csv.lines().filter(line -> !line.isBlank()).toList();
    if (lines.isEmpty() || !lines.getFirst().startsWith("# pxname,svname,")) {
      throw BalancerException.refused("HAProxy said: " + csv.lines().findFirst().orElse("nothing"));
    }
    List<String> names = List.of(lines.getFirst().substring(2).split(",", -1));
    var servers = new ArrayList<ServerStat>();
    for (String line : lines.subList(1, lines.size())) {
      var values = List.of(line.split(",", -1));
      var fields = new HashMap<String, String>();
      for (int i = 0; i < Math.min(names.size(), values.size()); i++) {
        fields.put(names.get(i), values.get(i));
      }
      servers.add(of(fields));
    }
    return servers;
  }

  private static ServerStat of(Map<String, String> fields) {
    boolean http = !fields.getOrDefault("hrsp_2xx", "").isEmpty();
    long unanswered = number(fields, "econ") + number(fields, "eresp");
    long answered =
        http
            ? List.of("hrsp_2xx", "hrsp_3xx", "hrsp_4xx", "hrsp_5xx", "hrsp_other").stream()
                .mapToLong(name -> number(fields, name))
                .sum()
            : number(fields, "stot");
    var counters =
        new Counters(
            answered + unanswered,
            number(fields, "hrsp_5xx") + unanswered,
            Duration.ofMillis(number(fields, http ? "rtime" : "ttime")));
    String weight = fields.getOrDefault("uweight", "").isEmpty() ? "weight" : "uweight";
    return new ServerStat(
        fields.getOrDefault("svname", ""),
        fields.getOrDefault("status", ""),
        Math.toIntExact(number(fields, weight)),
        number(fields, "scur") + number(fields, "qcur"),
        number(fields, "slim"),
        http,
        counters);
  }

  private static long number(Map<String, String> fields, String name) {
    String text = fields.getOrDefault(name, "");
    return text.isEmpty() ? 0 : Long.parseLong(text);
  }

  /** Whether it is not in maintenance and its checks, if it has any, find it well. */
  public boolean usable() {
    return status.startsWith("UP") || status.equals("no check") || status.startsWith("DRAIN");
  }

  /** Whether new requests go to it. */
  public boolean taking() {
    return weight > 0 && (status.startsWith("UP") || status.equals("no check"));
  }

  /** Whether it was taken out by a person or a program, not by its checks. */
  public boolean inMaintenance() {
    return status.startsWith("MAINT");
  }

  @Override
  public String toString() {
    return name + " is " + status + " with weight " + weight;
  }
}
