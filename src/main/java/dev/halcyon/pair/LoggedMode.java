package dev.halcyon.pair;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.Link;
import dev.halcyon.mysql.Session;
import dev.halcyon.pair.PairRecord.Kind;
import dev.halcyon.pair.judge.Mode;
import dev.halcyon.sql.Sql;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * A change that stands in the binary log of the passive server, while the other one applies nothing
 * of that log until it is to have the change, too.
 */
public final class LoggedMode {
  /**
   * MariaDB numbers events by domain, and two servers that write at once in one domain break it. So
   * what the passive server writes beside the active one has a domain of its own: the letters HALC.
   */
  public static final long DOMAIN = 0x48414C43L;

  private static final int ATTEMPTS = 1000;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private LoggedMode() {}

  /** A logged change that the one server has and the other one not yet. */
  static Optional<PairRecord> open(Session session) {
    return PairTable.lastChange(session)
        .filter(record -> record.kind() == Kind.EXPAND && record.mode() == Mode.LOGGED);
  }

  /**
   * @throws dev.halcyon.model.Refusal HAL-721 if what is logged could not be passed over when the
   *     change is given up
   */
  static void requireGtids(Course course) {
    for (var grip : List.of(course.active(), course.passive())) {
      if (!Link.into(grip.session()).stream().allMatch(Link::gtid)) {
        throw ErrorCode.PAIR_NOT_READY.refuse(
            grip.member() + " follows by file and offset; a logged change needs GTIDs.",
            "halcyon pair check names the statements, or make the change online: halcyon expand");
      }
    }
  }

  /** What the session writes is replicated, and collides with nothing of the other server. */
  static void log(Session session) {
    switch (session.engine()) {
      case MARIADB -> session.execute("SET SESSION gtid_domain_id = " + DOMAIN);
      case MYSQL -> {} // each server's own name is in its ids
    }
  }

  /**
   * What the changed server, which was passive all the time, has logged of a change that is given
   * up is never executed on the other one.
   *
   * @throws dev.halcyon.model.Refusal HAL-723 if the changed server does not follow the other one
   */
  static void passOver(Session lacking, Session changed) {
    switch (lacking.engine()) {
      case MARIADB ->
          position(changed, "gtid_binlog_pos").stream()
              .filter(LoggedMode::own)
              .findFirst()
              .ifPresent(logged -> standAfter(lacking, changed, logged));
      case MYSQL -> {
        for (var gtid : missing(lacking, changed)) {
          lacking.execute("SET SESSION gtid_next = " + Sql.literal(gtid));
          try {
            lacking.execute("BEGIN");
            lacking.execute("COMMIT");
          } finally {
            lacking.execute("SET SESSION gtid_next = 'AUTOMATIC'");
          }
        }
      }
    }
  }

  /** Of the other domains it stands where it is: its own events, which come back to it, are old. */
  private static void standAfter(Session lacking, Session changed, String logged) {
    Link.stop(lacking);
    for (int attempt = 1; ; attempt++) {
      try {
        lacking.execute(
            "SET GLOBAL gtid_slave_pos = CONCAT_WS(',', NULLIF(TRIM(BOTH ',' FROM"
                + " REGEXP_REPLACE(@@GLOBAL.gtid_current_pos, '(^|,)%d-[^,]*', '')), ''), '%s')"
                    .formatted(DOMAIN, logged));
        break;
      } catch (Fault.Refused conflict) {
        // An application has committed between the reading and the writing of the position.
        if (attempt == ATTEMPTS) {
          throw conflict;
        }
      }
    }
    var others =
        position(lacking, "gtid_slave_pos").stream()
            .filter(gtid -> !own(gtid))
            .collect(Collectors.joining(","));
    // It can only begin where the other one has come to.
    CatchUp.await(changed, new CatchUp.Position(others, true), PATIENCE, () -> {});
    Link.start(lacking);
  }

  private static boolean own(String gtid) {
    return gtid.startsWith(DOMAIN + "-");
  }

  private static List<String> position(Session session, String variable) {
    var text = session.first("SELECT @@GLOBAL." + variable).orElseThrow().stringOrNull(1);
    return text == null || text.isBlank() ? List.of() : Arrays.asList(text.split(","));
  }

  /** One by one; a change has few. */
  private static List<String> missing(Session lacking, Session changed) {
    var name = changed.first("SELECT @@GLOBAL.server_uuid").orElseThrow().string(1);
    var executed = changed.first("SELECT @@GLOBAL.gtid_executed").orElseThrow().string(1);
    var sets =
        lacking
            .first("SELECT REPLACE(GTID_SUBTRACT(?, @@GLOBAL.gtid_executed), '\n', '')", executed)
            .orElseThrow()
            .string(1);
    return Arrays.stream(sets.split(","))
        .map(set -> set.strip().split(":"))
        .filter(parts -> parts[0].equalsIgnoreCase(name))
        .flatMap(parts -> Arrays.stream(parts).skip(1))
        .flatMap(
            interval -> {
              var ends = interval.split("-");
              return LongStream.rangeClosed(
                      Long.parseLong(ends[0]), Long.parseLong(ends[ends.length - 1]))
                  .mapToObj(number -> name + ":" + number);
            })
        .toList();
  }
}
