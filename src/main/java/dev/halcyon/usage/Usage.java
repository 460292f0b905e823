package dev.halcyon.usage;

import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.Session;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at every source, keeps what it finds, and says what is still used. Each look that is kept
 * outlives a restart of the server and whatever else empties a source.
 *
 * <p>Immutable; the session's thread.
 */
public final class Usage {
  private static final Logger log = LoggerFactory.getLogger(Usage.class);

  /** What was last seen before that is no longer told of. */
  private static final Duration MEMORY = Duration.ofDays(90);

  /** Two looks may measure a source's clock differently. */
  private static final Duration SLACK = Duration.ofMinutes(1);

  private static final int ATTEMPTS = 5;

  private final UsageSettings settings;
  private final Session session;
  private final String schema;

  public Usage(UsageSettings settings, Session session, String schema) {
    this.settings = settings;
    this.session = session;
    this.schema = schema;
  }

  /**
   * From now on looks are kept, this one being the first.
   *
   * @return what the sources lack
   */
  public List<Look.Missing> begin() {
    open();
    return sample();
  }

  /** Creates the tables in which looks are kept. */
  public void open() {
    if (!begun()) {
      UsageTables.create(session);
    }
  }

  /**
   * Looks at every source, and keeps it if somebody has begun to watch.
   *
   * @return what the sources lack
   */
  public List<Look.Missing> sample() {
    return keep(looks(), new StatementReader(Programs.read(session, schema)));
  }

  /**
   * What a name stands for: a column, or a table with its columns; empty if there is neither.
   *
   * @param name {@code table} or {@code table.column}
   */
  public List<String> names(String name) {
    var tables = Programs.read(session, schema).tables();
    int dot = name.indexOf('.');
    var columns = tables.get(dot < 0 ? name : name.substring(0, dot));
    if (columns == null) {
      return List.of();
    }
    if (dot >= 0) {
      return columns.contains(name.substring(dot + 1)) ? List.of(name) : List.of();
    }
    var names = new ArrayList<>(List.of(name));
    columns.forEach(column -> names.add(name + "." + column));
    return names;
  }

  /** Whether somebody has begun to watch. */
  public boolean begun() {
    return UsageTables.exist(session);
  }

  /**
   * Looks at every source, keeps it, and says what is known.
   *
   * @param elements {@code table} or {@code table.column}
   * @param period how long back from now
   * @param seenTo views and triggers by their names that count for nothing, because somebody sees
   *     to them
   */
  public UsageReport report(Collection<String> elements, Duration period, Set<String> seenTo) {
    // Before anybody is asked, so that whoever is at work has seen all until then.
    Instant now = now();
    var programs = Programs.read(session, schema);
    var looks = looks();
    var missing = keep(looks, new StatementReader(programs));
    var reader = new StatementReader(programs.without(seenTo));
    var users = new ArrayList<Used>();
    Instant from = now.minus(period);
    Instant remembered = now.minus(MEMORY).isBefore(from) ? now.minus(MEMORY) : from;
    for (var stored : stored(looks, remembered)) {
      var seen = stored.seen();
      var use = reader.read(seen.text(), seen.whole(), seen.inForce());
      if (!use.isNone()) {
        users.add(new Used(use, new UsageReport.User(stored.source(), seen, !use.anything())));
      }
    }
    var periods = new ArrayList<Period>(begun() ? UsageTables.periods(session) : List.of());
    looks.forEach(look -> periods.addAll(look.periods()));
    var since = known(Period.watchedSince(periods, now).orElse(null), now);
    return new UsageReport(
        now,
        period,
        since,
        missing,
        elements.stream().map(name -> element(name, users, since, from)).toList(),
        settings.server() ? ServerRecord.traffic(session, schema, tables(elements)) : List.of());
  }

  /** Of what was forgotten nobody knows whether it was used. */
  private @Nullable Instant known(@Nullable Instant since, Instant now) {
    if (since == null || !begun()) {
      return since;
    }
    var forgotten = UsageTables.forgotten(session, now);
    return since.isBefore(forgotten) ? forgotten : since;
  }

  private static Set<String> tables(Collection<String> elements) {
    return elements.stream()
        .map(name -> name.replaceFirst("\\..*", "").toLowerCase(Locale.ROOT))
        .collect(Collectors.toSet());
  }

  private record Used(Use use, UsageReport.User user) {}

  private static UsageReport.Element element(
      String name, List<Used> all, @Nullable Instant since, Instant from) {
    var users = all.stream().filter(used -> used.use().touches(name)).map(Used::user).toList();
    boolean inUse = users.stream().anyMatch(user -> !user.seen().last().isBefore(from));
    boolean watched = since != null && !since.isAfter(from);
    var verdict =
        inUse
            ? UsageReport.Verdict.IN_USE
            : watched ? UsageReport.Verdict.UNUSED : UsageReport.Verdict.UNKNOWN;
    return new UsageReport.Element(name, verdict, users);
  }

  private List<Look> looks() {
    var looks = new ArrayList<Look>();
    if (settings.server()) {
      looks.add(ServerRecord.look(session, begun()));
    }
    for (var source : settings.others()) {
      looks.add(source.look(now()));
    }
    return looks;
  }

  /** Only what concerns the schema, or may concern it. */
  private List<Look.Missing> keep(List<Look> looks, StatementReader reader) {
    var missing = new ArrayList<Look.Missing>();
    boolean begun = begun();
    for (var look : looks) {
      missing.addAll(look.missing());
      if (begun) {
        var known = UsageTables.latest(session, look.source(), look.instance());
        save(relevant(look, reader, known.map(k -> k.period().to()).orElse(Instant.EPOCH)));
      }
    }
    if (begun) {
      prune();
    }
    return missing;
  }

  /** The next look does it if somebody keeps one at the same moment. */
  private void prune() {
    try {
      UsageTables.prune(session, now(), UsageTables.MOST_STATEMENTS);
    } catch (Fault.Transient collision) {
      log.debug("what is old was not removed this time", collision);
    }
  }

  /** Others may keep a look at the same time. */
  private void save(Look look) {
    for (int attempt = 1; ; attempt++) {
      try {
        UsageTables.save(session, look);
        return;
      } catch (Fault.Transient collision) {
        if (attempt == ATTEMPTS) {
          throw collision;
        }
      }
    }
  }

  /**
   * @param known the time of the latest look, which has kept all that was seen before
   */
  private static Look relevant(Look look, StatementReader reader, Instant known) {
    return new Look(
        look.source(),
        look.instance(),
        look.periods(),
        look.missing(),
        look.counter(),
        look.seen().stream()
            .filter(seen -> !seen.last().isBefore(known.minus(SLACK)))
            .filter(seen -> !reader.read(seen.text(), seen.whole(), seen.inForce()).isNone())
            .toList());
  }

  /** What was kept, or what was seen just now if nothing is kept; the latest first. */
  private List<UsageTables.Stored> stored(List<Look> looks, Instant since) {
    if (begun()) {
      return UsageTables.seenSince(session, since);
    }
    var all = new ArrayList<UsageTables.Stored>();
    for (var look : looks) {
      look.seen().forEach(seen -> all.add(new UsageTables.Stored(look.source(), seen)));
    }
    all.sort((a, b) -> b.seen().last().compareTo(a.seen().last()));
    return all;
  }

  private Instant now() {
    return ServerRecord.now(session);
  }
}
