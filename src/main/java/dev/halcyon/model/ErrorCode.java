package dev.halcyon.model;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Every error that Halcyon names, with its stable code. The hundreds tell the area: 1 settings and
 * connection, 2 change files, 3 planning, 4 running, 5 verification and gates, 6 state and lease, 7
 * the proxy and the pair, 8 releases.
 */
public enum ErrorCode {
  SETTINGS_INVALID(101, ExitStatus.SETTINGS, "A setting is missing or cannot be read."),
  UNREACHABLE(110, ExitStatus.FAILED, "The server cannot be reached."),
  ACCESS_DENIED(111, ExitStatus.FAILED, "The server refused the user or the password."),
  SCHEMA_MISSING(112, ExitStatus.FAILED, "The schema does not exist or may not be used."),
  TLS_FAILED(113, ExitStatus.FAILED, "The connection could not be secured as asked."),
  ENGINE_UNSUPPORTED(114, ExitStatus.FAILED, "The server is of a kind or version not supported."),
  READ_ONLY(115, ExitStatus.FAILED, "The server is read-only."),
  GRANT_MISSING(116, ExitStatus.FAILED, "The account lacks a privilege that the run needs."),
  SERVER_SETTING(117, ExitStatus.FAILED, "A setting of the server stands against the run."),
  NO_SPACE(118, ExitStatus.FAILED, "The server's disk has too little free space for the run."),
  TWO_WRITERS(119, ExitStatus.FAILED, "Two servers write to the table, or could."),
  NOT_INITIALISED(120, ExitStatus.FAILED, "The schema has no Halcyon tables yet."),
  FILE_UNREADABLE(201, ExitStatus.FINDINGS, "A change file cannot be read."),
  FILE_NAME(202, ExitStatus.FINDINGS, "A file name is not one of a change."),
  FILE_DUPLICATE(203, ExitStatus.FINDINGS, "Two files claim one version."),
  SYNTAX(210, ExitStatus.FINDINGS, "A statement is not valid SQL for this server."),
  DIRECTIVE_UNKNOWN(211, ExitStatus.FINDINGS, "A directive is not known or not well-formed."),
  DIRECTIVE_NAME(
      212, ExitStatus.FINDINGS, "A directive names a table or column that is not there."),
  VERSION_UNKNOWN(220, ExitStatus.USAGE, "No change file has this version."),
  NOTHING_TO_DO(221, ExitStatus.FAILED, "What was asked for by name needs nothing done."),
  CHECKSUM_CHANGED(222, ExitStatus.FINDINGS, "A file was changed after its change was applied."),
  OUT_OF_ORDER(223, ExitStatus.FINDINGS, "A pending change is older than one that was applied."),
  NAME_UNKNOWN(224, ExitStatus.USAGE, "No table or column has this name."),
  NOT_SUPPORTED(
      301, ExitStatus.FINDINGS, "The statement is not one that Halcyon derives phases for."),
  MAPPING_MISSING(302, ExitStatus.FINDINGS, "The change needs a directive that is not given."),
  MAPPING_INVALID(303, ExitStatus.FINDINGS, "A mapping expression does not work on the server."),
  NO_KEY(304, ExitStatus.FINDINGS, "The table has no key to work through it in chunks."),
  WINDOW_CONFLICT(305, ExitStatus.FINDINGS, "Another open window touches the same columns."),
  REBUILD_NEEDED(306, ExitStatus.FINDINGS, "The server could only change the table by copying it."),
  DEPENDENT_BREAKS(307, ExitStatus.FINDINGS, "A view, trigger or routine would be left broken."),
  MIXED_FILE(308, ExitStatus.FINDINGS, "Data statements and schema statements share a file."),
  END_STATE_DIFFERS(309, ExitStatus.FAILED, "The derived plan would not end where the file says."),
  SERVER_REFUSED(310, ExitStatus.FINDINGS, "The server refuses the statement in rehearsal."),
  DATA_DOES_NOT_FIT(311, ExitStatus.FINDINGS, "Rows stand against the change."),
  STEP_FAILED(401, ExitStatus.FAILED, "The server refused a step."),
  LOCK_WAIT(402, ExitStatus.FAILED, "A table stayed locked by others."),
  CONNECTION_LOST(403, ExitStatus.FAILED, "The connection was lost and did not come back in time."),
  DRIFT(404, ExitStatus.FAILED, "The schema is neither as before the step nor as after it."),
  STOPPED(405, ExitStatus.FAILED, "The run was stopped on request."),
  CAPTURE_BROKEN(406, ExitStatus.FAILED, "The changes to the table can no longer be followed."),
  OTHER_SERVER(407, ExitStatus.FAILED, "What was begun on one server cannot go on on another one."),
  MISMATCH(501, ExitStatus.FINDINGS, "Rows differ between the old and the new shape."),
  GATE_CLOSED(502, ExitStatus.GATE_CLOSED, "A gate of the contract phase is closed."),
  ROLLBACK_LOSES(
      503, ExitStatus.GATE_CLOSED, "The rollback would drop rows that exist nowhere else."),
  USAGE_UNKNOWN(
      504, ExitStatus.GATE_CLOSED, "It is not known whether what goes away is still used."),
  LEASE_HELD(601, ExitStatus.LEASE_HELD, "Another run holds the lease."),
  FENCED(602, ExitStatus.LEASE_HELD, "This run lost its lease to another one."),
  STATE_WRONG(603, ExitStatus.FAILED, "The change is not in the state that the command needs."),
  PROXY_UNREACHABLE(701, ExitStatus.FAILED, "No proxy answers at the control address."),
  PROXY_DENIED(702, ExitStatus.FAILED, "The proxy's token is missing or wrong."),
  PROXY_ADDRESS(703, ExitStatus.FAILED, "The proxy cannot listen where it should."),
  SERVER_UNDECIDED(
      704, ExitStatus.FAILED, "It cannot be told which server is the one to be written to."),
  SERVER_UNKNOWN(705, ExitStatus.USAGE, "The proxy knows no server of this name."),
  HOLD_STATE(706, ExitStatus.FAILED, "The hold is not in the state that the command needs."),
  NOT_DRAINED(707, ExitStatus.FINDINGS, "Sessions did not come to a safe boundary in time."),
  NOT_MOVED(708, ExitStatus.FINDINGS, "Sessions cannot be moved to the other server."),
  TAKE_OVER(709, ExitStatus.FAILED, "The running proxy did not hand over."),
  SESSIONS_CUT(710, ExitStatus.FINDINGS, "The proxy has ended with sessions still at work."),
  CONTROL_MALFORMED(711, ExitStatus.FAILED, "The proxy does not understand the request."),
  PAIR_NOT_READY(721, ExitStatus.FINDINGS, "The pair is not as the command needs it."),
  PAIR_HINDERED(722, ExitStatus.FINDINGS, "Work on the active server stands against a switchover."),
  PAIR_LAG(723, ExitStatus.FAILED, "The passive server does not catch up in time."),
  SWITCH_UNDONE(724, ExitStatus.FAILED, "The switchover was undone; clients go on as before."),
  PAIR_UNCERTAIN(725, ExitStatus.FAILED, "It cannot be told which server may be written to."),
  PAIR_CHANGE(731, ExitStatus.FINDINGS, "The change cannot be on one server of a pair only."),
  PAIR_EXISTS(732, ExitStatus.FAILED, "The servers are not fresh enough to make a pair of them."),
  TRAFFIC_SILENT(741, ExitStatus.FAILED, "What leads clients to the pair does not answer."),
  TRAFFIC_REFUSED(
      742, ExitStatus.FAILED, "What leads clients to the pair refuses, or is not as it must be."),
  RELEASE_INVALID(801, ExitStatus.SETTINGS, "The release file is missing or wrong."),
  BALANCER_SILENT(802, ExitStatus.FAILED, "The balancer does not answer."),
  BALANCER_REFUSED(803, ExitStatus.FAILED, "The balancer refuses, or is not as the release needs."),
  RELEASE_CHANGED(
      804, ExitStatus.FAILED, "The release under way is not the one that the file describes."),
  COMMAND_FAILED(805, ExitStatus.FAILED, "A command of the release file failed."),
  NOT_READY(806, ExitStatus.FINDINGS, "A version did not become ready in time."),
  SMOKE_FAILED(807, ExitStatus.FINDINGS, "A smoke test failed."),
  WATCH_BREACHED(808, ExitStatus.FINDINGS, "The new version was worse than is allowed."),
  INTERNAL(900, ExitStatus.FAILED, "Halcyon itself failed.");

  private final int number;
  private final ExitStatus exitStatus;
  private final String meaning;

  ErrorCode(int number, ExitStatus exitStatus, String meaning) {
    this.number = number;
    this.exitStatus = exitStatus;
    this.meaning = meaning;
  }

  /** The stable code: {@code HAL-314}. */
  public String code() {
    return String.format(Locale.ROOT, "HAL-%03d", number);
  }

  public ExitStatus exitStatus() {
    return exitStatus;
  }

  public String meaning() {
    return meaning;
  }

  /** That of the first finding's code; of one that is no error's code 2. */
  public static ExitStatus exitStatus(List<Finding> findings) {
    var first = findings.getFirst().code();
    return Arrays.stream(values())
        .filter(error -> error.code().equals(first))
        .map(ErrorCode::exitStatus)
        .findFirst()
        .orElse(ExitStatus.FAILED);
  }

  /** A refusal with one finding under this code and with this code's exit status. */
  public Refusal refuse(String message, String remedy) {
    return Refusal.of(exitStatus, Finding.error(code(), null, message, remedy));
  }
}
