package dev.halcyon.mysql;

import dev.halcyon.model.Engine;
import dev.halcyon.model.ServerVersion;
import dev.halcyon.plan.Algorithm;
import dev.halcyon.plan.Delta;
import dev.halcyon.plan.Rehearsed;
import dev.halcyon.plan.Step;
import dev.halcyon.sql.TableShape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Runs statements on the copies: finds the mildest algorithm that the server accepts, and what the
 * statement changes. What has been found for a statement is not asked for again.
 */
final class Trial {
  private static final ServerVersion INSTANT_CORRUPTS = new ServerVersion(8, 0, 29);

  /** Of 64 that MySQL allows; the plan itself may need a few. */
  private static final long MANY_ROW_VERSIONS = 56;

  private final Session session;
  private final Copies copies;
  private final SessionModes modes;
  private final RealSchema real;
  private final Map<String, Algorithm> known = new HashMap<>();
  private final Kinds kinds;
  private @Nullable Map<String, Long> rowVersions;

  Trial(Session session, Copies copies, SessionModes modes, RealSchema real, Kinds kinds) {
    this.session = session;
    this.copies = copies;
    this.modes = modes;
    this.real = real;
    this.kinds = kinds;
  }

  /** A new draft has begun: the ids of steps mean other statements. */
  void begin() {
    known.clear();
  }

  /**
   * Runs one schema statement of a step.
   *
   * @throws Fault.Refused when the server takes it in no way
   */
  Rehearsed run(String id, int part, String sql, Step.Conditions conditions) {
    var objects = StatementObjects.of(sql);
    SortedMap<String, String> before = copies.elements(objects.elements());
    Algorithm algorithm;
    if (StatementObjects.isAlterTable(sql)) {
      algorithm = alter(id + "#" + part, sql, conditions, objects);
    } else {
      algorithm = Algorithm.NONE;
      modes.apply(conditions);
      copies.changed(objects);
      session.execute(DisabledEvent.of(sql));
    }
    return new Rehearsed(id, part, algorithm, deltas(before, copies.elements(objects.elements())));
  }

  private Algorithm alter(
      String key, String sql, Step.Conditions conditions, StatementObjects objects) {
    Optional<String> shape =
        objects.tables().size() == 1
            ? copies.shape(objects.tables().iterator().next())
            : Optional.empty();
    modes.apply(conditions);
    copies.changed(objects);
    Algorithm found = known.get(key);
    if (found != null) {
      attempt(sql, found, conditions, objects);
      return found;
    }
    Fault.Refused last = null;
    for (Algorithm algorithm : candidates(sql, objects)) {
      try {
        attempt(sql, algorithm, conditions, objects);
        known.put(key, algorithm);
        shape.ifPresent(text -> kinds.learn(sql, TableShape.elements(text), algorithm));
        return algorithm;
      } catch (Fault.Refused refused) {
        if (!ServerWords.isAboutAlgorithm(refused)) {
          throw refused;
        }
        last = refused;
      }
    }
    throw Objects.requireNonNull(last);
  }

  /** Rows that stand in the way are for the verify steps to name: without them it must work. */
  private void attempt(
      String sql, Algorithm algorithm, Step.Conditions conditions, StatementObjects objects) {
    String full = sql + ", " + algorithm.clause();
    try {
      session.execute(full);
    } catch (Fault.Refused refused) {
      if (!ServerWords.isAboutRows(refused)) {
        throw refused;
      }
      objects.tables().stream().filter(t -> copies.shape(t).isPresent()).forEach(copies::empty);
      modes.apply(conditions);
      copies.changed(objects);
      session.execute(full);
    }
  }

  /** Whether the algorithm may be taken for the statement, as far as the real table tells. */
  boolean offers(Algorithm algorithm, String sql) {
    return algorithm != Algorithm.INSTANT || trustsInstant(sql, StatementObjects.of(sql));
  }

  private List<Algorithm> candidates(String sql, StatementObjects objects) {
    var candidates = new ArrayList<Algorithm>();
    for (Algorithm algorithm : Algorithm.values()) {
      boolean offered =
          switch (algorithm) {
            case NONE -> false;
            case INSTANT -> trustsInstant(sql, objects);
            case NOCOPY, ONLINE_COPY -> session.engine() == Engine.MARIADB;
            case INPLACE, INPLACE_SHARED, COPY -> true;
          };
      if (offered) {
        candidates.add(algorithm);
      }
    }
    return candidates;
  }

  /** The copy is young; the real table may have used up its row versions. */
  private boolean trustsInstant(String sql, StatementObjects objects) {
    if (session.engine() != Engine.MYSQL) {
      return true;
    }
    String upper = sql.toUpperCase(Locale.ROOT);
    boolean countsVersions = upper.contains("ADD ") || upper.contains("DROP ");
    if (!countsVersions) {
      return true;
    }
    return !session.version().equals(INSTANT_CORRUPTS)
        && objects.tables().stream().allMatch(t -> versionsOf(t).orElse(0L) < MANY_ROW_VERSIONS);
  }

  private Optional<Long> versionsOf(String table) {
    if (rowVersions == null) {
      rowVersions = readRowVersions();
    }
    return Optional.ofNullable(rowVersions.get(table.toLowerCase(Locale.ROOT)));
  }

  private Map<String, Long> readRowVersions() {
    var versions = new HashMap<String, Long>();
    if (!session.version().atLeast(8, 0, 29)) {
      return versions;
    }
    try {
      String prefix = real.name() + "/";
      for (Row row :
          session.query(
              "SELECT name AS name, total_row_versions AS versions"
                  + " FROM information_schema.innodb_tables"
                  + " WHERE LEFT(name, ?) = ? AND total_row_versions > 0",
              prefix.length(),
              prefix)) {
        String table = row.string("name").substring(prefix.length()).replaceFirst("#.*", "");
        versions.merge(table.toLowerCase(Locale.ROOT), row.longValue("versions"), Math::max);
      }
    } catch (Fault.Refused withoutProcess) {
      // Needs PROCESS. The explicit clause lets the server refuse what this would have told.
      return versions;
    }
    return versions;
  }

  static List<Delta> deltas(SortedMap<String, String> before, SortedMap<String, String> after) {
    var names = new TreeSet<String>(before.keySet());
    names.addAll(after.keySet());
    var deltas = new ArrayList<Delta>();
    for (String name : names) {
      if (!Objects.equals(before.get(name), after.get(name))) {
        deltas.add(new Delta(name, before.get(name), after.get(name)));
      }
    }
    return deltas;
  }
}
