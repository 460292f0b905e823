package dev.halcyon.rollout;

import dev.halcyon.journal.Journal;
import dev.halcyon.journal.Lease;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Version;
import dev.halcyon.mysql.Row;
import dev.halcyon.mysql.Session;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The journal of releases: a row for each, and one for each of its steps, forward and back. Every
 * write is one of the journal's. For one thread.
 */
final class ReleaseTable {
  private static final String LABEL = "VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL";

  private static final List<String> CREATE =
      List.of(
          """
          CREATE TABLE IF NOT EXISTS halcyon_release_step (
            release_id BIGINT NOT NULL,
            direction %s,
            ordinal INT NOT NULL,
            step_id VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
            title TEXT NOT NULL,
            state %s,
            error TEXT NULL,
            started_at DATETIME(6) NULL,
            finished_at DATETIME(6) NULL,
            PRIMARY KEY (release_id, direction, ordinal)
          ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
          """
              .formatted(LABEL, LABEL),
          """
          CREATE TABLE IF NOT EXISTS halcyon_release (
            id BIGINT NOT NULL,
            from_version VARCHAR(200) NOT NULL,
            to_version VARCHAR(200) NOT NULL,
            definition CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
            changes TEXT NOT NULL,
            state %s,
            live %s,
            code %s,
            reason TEXT NULL,
            fence BIGINT NOT NULL,
            started_at DATETIME(6) NOT NULL,
            changed_at DATETIME(6) NOT NULL,
            who VARCHAR(500) NOT NULL,
            PRIMARY KEY (id)
          ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
          """
              .formatted(LABEL, LABEL, LABEL));

  private final Journal journal;
  private final Lease lease;
  private final String who;

  ReleaseTable(Journal journal, Lease lease, String who) {
    this.journal = journal;
    this.lease = lease;
    this.who = who;
  }

  /** The one that was begun last; makes the tables where there are none. */
  Optional<ReleaseRecord> latest() {
    return journal.ask(
        session -> {
          if (!exists(session)) {
            CREATE.forEach(session::execute);
          }
          return latestOf(session);
        });
  }

  /** The latest one of a schema, if there has been any; without lease. */
  static Optional<ReleaseRecord> latestOf(Session session) {
    return exists(session)
        ? session
            .first("SELECT * FROM halcyon_release ORDER BY id DESC LIMIT 1")
            .map(row -> record(session, row))
        : Optional.empty();
  }

  /** The latest one of a schema that rests on the change; without lease. */
  static Optional<ReleaseRecord> latestOf(Session session, Version change) {
    if (!exists(session)) {
      return Optional.empty();
    }
    return session.query("SELECT * FROM halcyon_release ORDER BY id DESC").stream()
        .filter(row -> changes(row).contains(change))
        .findFirst()
        .map(row -> record(session, row));
  }

  private static boolean exists(Session session) {
    return session
        .first(
            "SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE()"
                + " AND table_name = 'halcyon_release'")
        .isPresent();
  }

  /** A release begins, with all its steps. */
  ReleaseRecord begin(long id, Release release, String definition) {
    journal.write(
        s -> {
          s.update("DELETE FROM halcyon_release_step WHERE release_id = ?", id);
          s.update("DELETE FROM halcyon_release WHERE id = ?", id);
          s.update(
              """
              INSERT INTO halcyon_release (id, from_version, to_version, definition, changes, state,
                live, code, fence, started_at, changed_at, who)
              VALUES (?, ?, ?, ?, '', ?, ?, '', ?, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), ?)
              """,
              id,
              release.from().name(),
              release.to().name(),
              definition,
              ReleaseState.RUNNING.label(),
              label(ReleaseRecord.Live.OLD),
              lease.token(),
              who);
          insert(s, id, true, ReleasePlan.forward(release));
        });
    return latest().orElseThrow();
  }

  /** Its changes are known from now on. */
  void changes(ReleaseRecord release, List<Version> changes) {
    update(
        release,
        "changes = ?",
        changes.stream().map(Version::text).collect(Collectors.joining(" ")));
  }

  void live(ReleaseRecord release, ReleaseRecord.Live live) {
    update(release, "live = ?", label(live));
  }

  /**
   * Traffic goes back.
   *
   * @param code null when a person asked for it
   */
  ReleaseRecord reverting(
      ReleaseRecord release, @Nullable ErrorCode code, String reason, List<ReleaseStep> steps) {
    journal.write(
        s -> {
          s.update(
              "DELETE FROM halcyon_release_step WHERE release_id = ? AND direction = 'back'",
              release.id());
          insert(s, release.id(), false, steps);
          set(
              s,
              release,
              "code = ?, reason = ?, state = ?",
              code == null ? "" : code.name(),
              reason,
              ReleaseState.REVERTING.label());
        });
    return latest().orElseThrow();
  }

  void ended(ReleaseRecord release, ReleaseState state, ReleaseRecord.Live live) {
    update(release, "state = ?, live = ?", state.label(), label(live));
  }

  void started(ReleaseRecord release, boolean forward, ReleaseStep step) {
    step(
        release,
        forward,
        step,
        "state = 'started', started_at = UTC_TIMESTAMP(6), error = ?",
        null);
  }

  void finished(ReleaseRecord release, boolean forward, ReleaseStep step, @Nullable String note) {
    step(
        release,
        forward,
        step,
        "state = 'finished', finished_at = UTC_TIMESTAMP(6), error = ?",
        note);
  }

  void failed(ReleaseRecord release, boolean forward, ReleaseStep step, String error) {
    step(release, forward, step, "state = 'failed', error = ?", error);
  }

  private void step(
      ReleaseRecord release,
      boolean forward,
      ReleaseStep step,
      String change,
      @Nullable String error) {
    journal.write(
        s ->
            s.update(
                "UPDATE halcyon_release_step SET "
                    + change
                    + " WHERE release_id = ? AND direction = ? AND step_id = ?",
                error,
                release.id(),
                direction(forward),
                step.id()));
  }

  private void update(ReleaseRecord release, String change, Object... values) {
    journal.write(s -> set(s, release, change, values));
  }

  private void set(Session s, ReleaseRecord release, String change, Object... values) {
    s.update(
        "UPDATE halcyon_release SET "
            + change
            + ", fence = ?, who = ?, changed_at = UTC_TIMESTAMP(6) WHERE id = ?",
        Stream.concat(Stream.of(values), Stream.<Object>of(lease.token(), who, release.id()))
            .toArray());
  }

  private static void insert(Session s, long id, boolean forward, List<ReleaseStep> steps) {
    for (int i = 0; i < steps.size(); i++) {
      s.update(
          "INSERT INTO halcyon_release_step (release_id, direction, ordinal, step_id, title, state)"
              + " VALUES (?, ?, ?, ?, ?, 'pending')",
          id,
          direction(forward),
          i,
          steps.get(i).id(),
          steps.get(i).title());
    }
  }

  private static ReleaseRecord record(Session session, Row row) {
    long id = row.longValue("id");
    String code = row.string("code");
    return new ReleaseRecord(
        id,
        row.string("from_version"),
        row.string("to_version"),
        row.string("definition"),
        changes(row),
        ReleaseState.ofLabel(row.string("state")),
        ReleaseRecord.Live.valueOf(row.string("live").toUpperCase(Locale.ROOT)),
        code.isEmpty() ? null : ErrorCode.valueOf(code),
        row.stringOrNull("reason"),
        session
            .query(
                "SELECT * FROM halcyon_release_step WHERE release_id = ? ORDER BY direction, ordinal",
                id)
            .stream()
            .map(
                step ->
                    new ReleaseRecord.Step(
                        step.string("direction").equals(direction(true)),
                        step.string("step_id"),
                        !step.string("state").equals("pending"),
                        step.string("state").equals("finished")))
            .toList());
  }

  private static List<Version> changes(Row row) {
    return Stream.of(row.string("changes").split(" ", -1))
        .filter(text -> !text.isEmpty())
        .map(Version::new)
        .toList();
  }

  private static String direction(boolean forward) {
    return forward ? "forward" : "back";
  }

  private static String label(ReleaseRecord.Live live) {
    return live.name().toLowerCase(Locale.ROOT);
  }
}
