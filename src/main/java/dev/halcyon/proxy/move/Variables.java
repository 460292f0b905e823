package dev.halcyon.proxy.move;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a session is set to.
 *
 * @param schema null for none
 * @param role null for none; on MySQL several, with commas
 * @param seeds of RAND; empty where the server does not tell them
 * @param clock the time that the session has been given, if any
 * @param values of system variables, NULL included
 */
record Variables(
    @Nullable String schema,
    @Nullable String role,
    String lastInsertId,
    String insertId,
    List<String> seeds,
    Optional<String> clock,
    Map<String, @Nullable String> values) {

  /** Neither occurs in a value; if it did, the number of values would be wrong. */
  private static final String BETWEEN = "\u001f";

  private static final String NULL = "\u001e";

  Variables {
    seeds = List.copyOf(seeds);
    values = Collections.unmodifiableMap(new TreeMap<>(values));
  }

  /** The same with the values of these only. */
  Variables only(Set<String> names) {
    var some = new TreeMap<String, @Nullable String>(values);
    some.keySet().retainAll(names);
    return new Variables(schema, role, lastInsertId, insertId, seeds, clock, some);
  }

  /** Two queries, of one row each. The second one tells whether the clock stands. */
  static List<Order> orders(Set<String> names) {
    var sql = new StringBuilder("SELECT ");
    var expressions = new ArrayList<String>();
    expressions.add(orNull("DATABASE()"));
    expressions.add(orNull("CURRENT_ROLE()"));
    for (var name : List.of("last_insert_id", "insert_id", "rand_seed1", "rand_seed2")) {
      expressions.add(orNull("@@session." + name));
    }
    expressions.add(orNull("@@session.timestamp"));
    for (var name : names) {
      expressions.add(orNull("@@session." + Sql.name(name)));
    }
    sql.append(
        Sql.raw("CONCAT_WS(" + Sql.text(BETWEEN) + "," + String.join(",", expressions) + ")"));
    return List.of(
        new Order.Query(sql.append(" LIMIT 1").toString()),
        new Order.Query("SELECT " + Sql.raw(Sql.utf8("@@session.timestamp")) + " LIMIT 1"));
  }

  private static String orNull(String expression) {
    return "COALESCE(" + Sql.utf8(expression) + "," + Sql.text(NULL) + ")";
  }

  /**
   * @param answers to {@link #orders} of the same names
   */
  static Variables read(Set<String> names, List<Answer> answers) {
    var parts = Replies.text(answers.get(0)).split(BETWEEN, -1);
    if (parts.length != 7 + names.size()) {
      throw new UnmovableException("a variable's value has an unexpected character");
    }
    String later = Replies.text(answers.get(1));
    var values = new TreeMap<String, @Nullable String>();
    int at = 7;
    for (var name : names) {
      values.put(name, orNull(parts, at++));
    }
    String role = orNull(parts, 1);
    return new Variables(
        orNull(parts, 0),
        role == null || role.equals("NONE") ? null : role,
        parts[2],
        parts[3],
        parts[4].equals("0") && parts[5].equals("0") ? List.of() : List.of(parts[4], parts[5]),
        parts[6].equals(later) ? Optional.of(later) : Optional.empty(),
        values);
  }

  private static @Nullable String orNull(String[] parts, int at) {
    return parts[at].equals(NULL) ? null : parts[at];
  }
}
