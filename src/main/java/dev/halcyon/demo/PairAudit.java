package dev.halcyon.demo;

import dev.halcyon.mysql.Session;
import dev.halcyon.pair.Member;
import dev.halcyon.pair.Pair;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What both servers have in the end.
 *
 * @param lost orders that were acknowledged and are not there, on either server
 * @param duplicated orders that are there more than once, on either server
 * @param orders on the first server
 * @param differences between the two servers, in words
 */
record PairAudit(long lost, long duplicated, long orders, List<String> differences) {
  PairAudit {
    differences = List.copyOf(differences);
  }

  /**
   * @param acknowledged numbers of orders by client
   */
  static PairAudit of(Pair pair, Map<Integer, List<Long>> acknowledged) {
    long lost = 0;
    long duplicated = 0;
    var contents = new ArrayList<Map<String, String>>();
    for (var member : pair.members()) {
      try (var session = member.openPatient("demo audit")) {
        for (var client : acknowledged.entrySet()) {
          var there =
              session.query("SELECT number FROM orders WHERE client = " + client.getKey()).stream()
                  .map(row -> row.longValue("number"))
                  .toList();
          var different = new HashSet<>(there);
          lost += client.getValue().stream().filter(one -> !different.contains(one)).count();
          duplicated += there.size() - different.size();
        }
        contents.add(content(session));
      }
    }
    return new PairAudit(
        lost,
        duplicated,
        Long.parseLong(contents.getFirst().getOrDefault("orders", "0")),
        differences(pair.first(), contents.getFirst(), pair.second(), contents.getLast()));
  }

  private static Map<String, String> content(Session session) {
    var content = new HashMap<String, String>();
    var sums =
        session
            .first(
                """
                SELECT COUNT(*) AS orders,
                  SUM(CRC32(CONCAT_WS(' ', id, client, number, pieces, cents, total))) AS sum,
                  SUM(total <> pieces * cents OR total IS NULL) AS wrong
                  FROM orders
                """)
            .orElseThrow();
    content.put("orders", sums.string("orders"));
    content.put("checksum", sums.string("sum"));
    content.put("wrong totals", sums.string("wrong"));
    content.put(
        "columns",
        session
            .query(
                """
                SELECT CONCAT_WS(' ', column_name, column_type, is_nullable, extra) AS definition
                  FROM information_schema.columns
                  WHERE table_schema = DATABASE() AND table_name = 'orders'
                  ORDER BY ordinal_position
                """)
            .stream()
            .map(row -> row.string("definition"))
            .collect(Collectors.joining(", ")));
    return content;
  }

  private static List<String> differences(
      Member first, Map<String, String> here, Member second, Map<String, String> there) {
    var differences = new ArrayList<String>();
    here.forEach(
        (what, value) -> {
          if (!value.equals(there.get(what))) {
            differences.add(
                "%s: %s on %s, %s on %s".formatted(what, value, first, there.get(what), second));
          }
        });
    if (!"0".equals(here.get("wrong totals"))) {
      differences.add("wrong totals: " + here.get("wrong totals"));
    }
    return differences;
  }
}
