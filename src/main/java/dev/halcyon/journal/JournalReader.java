package dev.halcyon.journal;

import dev.halcyon.model.ChangeState;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Phase;
import dev.halcyon.model.Refusal;
import dev.halcyon.model.Version;
import dev.halcyon.mysql.Row;
import dev.halcyon.mysql.Session;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads the version tables and the journal. Needs no lease. For the thread of its session. */
public final class JournalReader {
  private static final String CHANGES =
      """
      SELECT e.version, e.description, e.file_checksum, COALESCE(c.state, e.state) AS state,
        c.version IS NOT NULL AS contract_begun, e.source, e.fence, e.planned_at, e.expanded_at,
        e.who
      FROM halcyon_expand_version e LEFT JOIN halcyon_contract_version c ON c.version = e.version
      """;

  private final Session session;

  public JournalReader(Session session) {
    this.session = session;
  }

  /** All changes that were ever begun or taken over, by version. */
  public List<ChangeRecord> changes() {
    return session.query(CHANGES).stream()
        .map(JournalReader::change)
        .sorted(Comparator.comparing(ChangeRecord::version))
        .toList();
  }

  public Optional<ChangeRecord> change(Version version) {
    return changes().stream().filter(c -> c.version().equals(version)).findFirst();
  }

  /**
   * The stored plan's text.
   *
   * @throws Refusal HAL-603 when there is none, or when it was changed since
   */
  public String plan(Version version) {
    var row =
        session
            .first(
                "SELECT plan, plan_checksum FROM halcyon_expand_version"
                    + " WHERE version = ? AND plan IS NOT NULL",
                version.text())
            .orElseThrow(() -> unusable(version, "has no stored plan"));
    var json = row.string("plan");
    if (!Hash.of(json).equals(row.string("plan_checksum"))) {
      throw unusable(version, "has a stored plan that was changed by hand");
    }
    return json;
  }

  /** The steps of all phases of one change, by phase and order. */
  public List<StepRecord> steps(Version version) {
    return sorted(session.query("SELECT * FROM halcyon_step WHERE version = ?", version.text()));
  }

  /** The steps of all changes, by version, phase and order. */
  public List<StepRecord> steps() {
    return sorted(session.query("SELECT * FROM halcyon_step"));
  }

  /** Everything that repeatable files were applied for. */
  public List<RepeatableRecord> repeatables() {
    return session.query("SELECT * FROM halcyon_repeatable ORDER BY name").stream()
        .map(
            row ->
                new RepeatableRecord(
                    row.string("name"),
                    row.string("checksum"),
                    Times.instant(row.string("applied_at"))))
        .toList();
  }

  /**
   * How long a window has been open, in seconds of the server's clock; empty before expand ends.
   */
  public Optional<Long> secondsOpen(Version version) {
    return session
        .first(
            "SELECT TIMESTAMPDIFF(SECOND, expanded_at, UTC_TIMESTAMP(6)) AS seconds"
                + " FROM halcyon_expand_version WHERE version = ? AND expanded_at IS NOT NULL",
            version.text())
        .map(row -> row.longValue("seconds"));
  }

  /** Who holds the lease and since when, empty when nobody does. */
  public Optional<String> holder() {
    var row = LeaseRow.read(session);
    return row.held() ? Optional.of(row.words()) : Optional.empty();
  }

  private static List<StepRecord> sorted(List<Row> rows) {
    return rows.stream()
        .map(JournalReader::step)
        .sorted(
            Comparator.comparing(StepRecord::version)
                .thenComparing(StepRecord::phase)
                .thenComparingInt(StepRecord::ordinal))
        .toList();
  }

  private static ChangeRecord change(Row row) {
    return new ChangeRecord(
        new Version(row.string("version")),
        row.string("description"),
        row.stringOrNull("file_checksum"),
        ChangeState.ofLabel(row.string("state")),
        row.isTrue("contract_begun"),
        row.stringOrNull("source"),
        row.longValue("fence"),
        Times.instant(row.string("planned_at")),
        Times.instantOrNull(row, "expanded_at"),
        row.string("who"));
  }

  private static StepRecord step(Row row) {
    return new StepRecord(
        new Version(row.string("version")),
        Phase.valueOf(row.string("phase").toUpperCase(Locale.ROOT)),
        Math.toIntExact(row.longValue("ordinal")),
        row.string("step_id"),
        row.string("title"),
        row.string("statement_hash"),
        StepState.ofLabel(row.string("state")),
        row.stringOrNull("checkpoint"),
        row.longValue("rows_done"),
        row.stringOrNull("error"),
        Times.instantOrNull(row, "started_at"),
        Times.instantOrNull(row, "finished_at"));
  }

  private static Refusal unusable(Version version, String what) {
    return ErrorCode.STATE_WRONG.refuse(version + " " + what + ".", "Type \"halcyon status\".");
  }
}
