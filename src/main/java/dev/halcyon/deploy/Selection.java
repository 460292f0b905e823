package dev.halcyon.deploy;

import dev.halcyon.journal.ChangeRecord;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Refusal;
import dev.halcyon.model.Version;
import dev.halcyon.sql.ParsedFolder;
import dev.halcyon.sql.Script;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Which changes a command is about: what the folder has, what the journal has, what was named. */
final class Selection {
  private final ParsedFolder folder;
  private final TreeMap<Version, ChangeRecord> records = new TreeMap<>();

  Selection(ParsedFolder folder, Collection<ChangeRecord> records) {
    this.folder = folder;
    records.forEach(record -> this.records.put(record.version(), record));
  }

  Optional<ChangeRecord> record(Version version) {
    return Optional.ofNullable(records.get(version));
  }

  Optional<Script> script(Version version) {
    return folder.scripts().stream().filter(s -> s.version().equals(version)).findFirst();
  }

  /** Changes that have not begun, or were rolled back. */
  boolean pending(Version version) {
    return record(version).map(record -> !record.applied()).orElse(true);
  }

  /**
   * The scripts to expand, by version; those whose expansion is unfinished or unverified too.
   *
   * @param named none means all that need it
   * @return with HAL-222, HAL-223, and the findings of the files that are to be expanded
   * @throws Refusal HAL-220 when a version that was named is not there
   */
  Chosen toExpand(List<Version> named, boolean outOfOrder) {
    refuseUnknown(named);
    var chosen =
        folder.scripts().stream()
            .filter(s -> named.isEmpty() || named.contains(s.version()))
            .filter(s -> needsExpand(s.version()))
            .toList();
    return new Chosen(chosen, findings(chosen, outOfOrder));
  }

  /**
   * The scripts to show plans of, by version.
   *
   * @param named none means all that are pending
   * @throws Refusal as {@link #toExpand}
   */
  Chosen toShow(List<Version> named, boolean outOfOrder) {
    refuseUnknown(named);
    var chosen =
        folder.scripts().stream()
            .filter(s -> named.isEmpty() ? pending(s.version()) : named.contains(s.version()))
            .toList();
    return new Chosen(chosen, findings(chosen, outOfOrder));
  }

  private List<Finding> findings(List<Script> chosen, boolean outOfOrder) {
    var findings = new ArrayList<>(fileFindings(chosen));
    findings.addAll(changedFiles());
    if (!outOfOrder) {
      findings.addAll(olderThanApplied(chosen));
    }
    return findings;
  }

  /** Files of applied changes that are not what they were, HAL-222. */
  List<Finding> changedFiles() {
    var findings = new ArrayList<Finding>();
    for (var script : folder.scripts()) {
      var record = records.get(script.version());
      if (record == null || !record.applied()) {
        continue;
      }
      var applied = record.checksum();
      if (applied != null && !applied.equals(script.checksum())) {
        findings.add(
            Finding.error(
                ErrorCode.CHECKSUM_CHANGED.code(),
                null,
                "%s was changed after %s was applied: checksum then %s, now %s."
                    .formatted(script.file(), script.version(), applied, script.checksum()),
                "Restore the file, and write what you want to change into a new one."));
      }
    }
    return findings;
  }

  /** The refusal of a command that named versions which need nothing. */
  Refusal nothingToDo(List<Version> named, String command) {
    var states =
        named.stream()
            .map(v -> v + " is " + record(v).map(r -> r.state().label()).orElse("pending"))
            .collect(Collectors.joining(", "));
    return ErrorCode.NOTHING_TO_DO.refuse(
        "Nothing to " + command + ": " + states + ".", "Type \"halcyon status\".");
  }

  private boolean needsExpand(Version version) {
    return record(version)
        .map(
            r ->
                switch (r.state()) {
                  case PENDING, EXPANDING, EXPANDED, ROLLED_BACK -> true;
                  case FAILED -> !r.contractBegun();
                  case VERIFIED, CONTRACTING, CONTRACTED -> false;
                })
        .orElse(true);
  }

  private void refuseUnknown(List<Version> named) {
    var findings =
        named.stream()
            .filter(v -> script(v).isEmpty() && !records.containsKey(v))
            .map(
                v ->
                    Finding.error(
                        ErrorCode.VERSION_UNKNOWN.code(),
                        null,
                        "No change file has version " + v + ".",
                        "Type \"halcyon status\" for those that there are."))
            .toList();
    if (!findings.isEmpty()) {
      throw new Refusal(ExitStatus.USAGE, findings);
    }
  }

  /** Findings of files that belong to no change, or to one that is to be expanded. */
  private List<Finding> fileFindings(List<Script> chosen) {
    var others =
        folder.scripts().stream().map(Script::file).collect(Collectors.toCollection(HashSet::new));
    chosen.forEach(script -> others.remove(script.file()));
    return folder.findings().stream()
        .filter(
            f -> {
              var place = f.place();
              return place == null || !others.contains(place.file());
            })
        .toList();
  }

  private List<Finding> olderThanApplied(List<Script> chosen) {
    var newest =
        records.values().stream()
            .filter(ChangeRecord::applied)
            .map(ChangeRecord::version)
            .max(Comparator.naturalOrder());
    return newest.stream()
        .flatMap(
            applied ->
                chosen.stream()
                    .filter(s -> pending(s.version()) && s.version().compareTo(applied) < 0)
                    .map(
                        s ->
                            Finding.error(
                                ErrorCode.OUT_OF_ORDER.code(),
                                null,
                                "%s is older than %s, which is applied already."
                                    .formatted(s.version(), applied),
                                "Give it a newer version, or allow it with --out-of-order.")))
        .toList();
  }
}
