package dev.halcyon.lint;

import dev.halcyon.sql.Token;
import java.util.List;
import java.util.Locale;

/** A change that switches replication or the binary log by hand. */
record ReplicationStatement() implements Rule {
  private static final List<List<String>> HANDS =
      List.of(
          List.of("STOP", "SLAVE"),
          List.of("STOP", "REPLICA"),
          List.of("STOP", "ALL"),
          List.of("START", "SLAVE"),
          List.of("START", "REPLICA"),
          List.of("START", "ALL"),
          List.of("RESET", "SLAVE"),
          List.of("RESET", "REPLICA"),
          List.of("RESET", "MASTER"),
          List.of("RESET", "BINARY"),
          List.of("CHANGE", "MASTER"),
          List.of("CHANGE", "REPLICATION"),
          List.of("PURGE", "BINARY"),
          List.of("PURGE", "MASTER"));
  private static final List<String> VARIABLES =
      List.of("sql_log_bin", "binlog_format", "gtid_next", "read_only", "super_read_only");

  @Override
  public String id() {
    return "H405";
  }

  @Override
  public String title() {
    return "Replication or the binary log switched by hand";
  }

  @Override
  public void statement(StatementLook look) {
    List<Token> tokens = look.tokens();
    boolean hand =
        tokens.size() >= 2 && HANDS.contains(List.of(tokens.get(0).upper(), tokens.get(1).upper()));
    boolean set =
        tokens.getFirst().isWord("SET")
            && tokens.stream()
                .map(t -> t.text().toLowerCase(Locale.ROOT).replaceFirst("^@@(\\w+\\.)?", ""))
                .anyMatch(VARIABLES::contains);
    if (hand || set) {
      look.error(
          this,
          look.statement().place(),
          "A change that switches replication on one server of a pair leaves the two apart, or its"
              + " schema statements loop back to the one that is in use.",
          "Leave it out; which server runs a change, and what of it is logged, is not the file's"
              + " matter.");
    }
  }
}
