package dev.halcyon.deploy;

import dev.halcyon.mysql.Session;
import dev.halcyon.plan.Step;
import dev.halcyon.sql.Sql;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** The session settings under which schema statements run. */
final class SessionModes {
  private static final Set<String> STRICT =
      Set.of("STRICT_TRANS_TABLES", "STRICT_ALL_TABLES", "TRADITIONAL");

  private SessionModes() {}

  static void apply(Session session, Step.Conditions conditions) {
    var own = session.first("SELECT @@GLOBAL.sql_mode AS mode").orElseThrow().string("mode");
    var mode =
        switch (conditions) {
          case STRICT, FOREIGN_KEYS_PROVEN ->
              own.isEmpty() ? "STRICT_TRANS_TABLES" : own + ",STRICT_TRANS_TABLES";
          case LENIENT ->
              Arrays.stream(own.split(","))
                  .filter(part -> !STRICT.contains(part))
                  .collect(Collectors.joining(","));
        };
    var foreignKeyChecks = conditions == Step.Conditions.FOREIGN_KEYS_PROVEN ? 0 : 1;
    session.execute(
        "SET SESSION sql_mode = %s, SESSION foreign_key_checks = %d"
            .formatted(Sql.literal(mode), foreignKeyChecks));
  }
}
