package dev.halcyon.mysql;

import dev.halcyon.model.Engine;
import dev.halcyon.plan.Step.Conditions;
import dev.halcyon.sql.Sql;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Puts a rehearsal's session under the settings of a step. For one thread. */
final class SessionModes {
  private static final Set<String> STRICT_MODES =
      Set.of("STRICT_TRANS_TABLES", "STRICT_ALL_TABLES", "TRADITIONAL");
  private static final Set<String> CAREFUL_MODES =
      Set.of("NO_ZERO_IN_DATE", "NO_ZERO_DATE", "ERROR_FOR_DIVISION_BY_ZERO");

  private final Session session;
  private final String serverMode;
  private String current = "";

  SessionModes(Session session) {
    this.session = session;
    this.serverMode =
        session.first("SELECT @@GLOBAL.sql_mode AS mode").orElseThrow().string("mode");
  }

  void apply(Conditions conditions) {
    switch (conditions) {
      case STRICT -> set(serverMode + ",STRICT_TRANS_TABLES", true, true);
      case FOREIGN_KEYS_PROVEN -> set(serverMode + ",STRICT_TRANS_TABLES", false, true);
      case LENIENT -> set(without(STRICT_MODES), true, true);
    }
  }

  /** The server's own mode, as the user's data statements run. */
  void own() {
    set(serverMode, true, true);
  }

  /** Any row that stands in the real table may stand in the copy. */
  void copying() {
    set(without(union(STRICT_MODES, CAREFUL_MODES)) + ",NO_AUTO_VALUE_ON_ZERO", false, false);
  }

  /** The mode that a trigger was created under, with foreign keys and checks as in copying. */
  void ofTrigger(String mode) {
    set(mode, false, false);
  }

  private void set(String mode, boolean foreignKeys, boolean checks) {
    String wanted =
        "SET SESSION sql_mode = "
            + Sql.literal(mode)
            + ", SESSION foreign_key_checks = "
            + (foreignKeys ? 1 : 0)
            + (session.engine() == Engine.MARIADB
                ? ", SESSION check_constraint_checks = " + (checks ? 1 : 0)
                : "");
    if (!wanted.equals(current)) {
      session.execute(wanted);
      current = wanted;
    }
  }

  private String without(Set<String> modes) {
    return Arrays.stream(serverMode.split(",", -1))
        .filter(m -> !modes.contains(m))
        .collect(Collectors.joining(","));
  }

  private static Set<String> union(Set<String> one, Set<String> other) {
    return Stream.of(one, other).flatMap(Set::stream).collect(Collectors.toUnmodifiableSet());
  }
}
