package dev.halcyon.proxy.login;

import dev.halcyon.proxy.wire.Capabilities;
import dev.halcyon.proxy.wire.PayloadWriter;
import java.util.Map;

/** The command that makes a server tell of every change of a session's state. */
public final class Tracking {
  private static final int QUERY = 3;
  private static final String SQL =
      "SET session_track_transaction_info = 'CHARACTERISTICS', session_track_system_variables ="
          + " '*', session_track_schema = ON, session_track_state_change = ON";

  /** What statements are parsed by is set to what it is, so that the server tells it. */
  private static final String PARSING =
      "SET sql_mode = @@session.sql_mode, character_set_client = @@session.character_set_client,"
          + " character_set_connection = @@session.character_set_connection, collation_connection ="
          + " @@session.collation_connection";

  private static final Map<String, String> VALUES =
      Map.of(
          "session_track_transaction_info", "CHARACTERISTICS",
          "session_track_system_variables", "*",
          "session_track_schema", "ON",
          "session_track_state_change", "ON");

  private Tracking() {}

  /** Whether a variable, if it is one of those that make the server tell, has the right value. */
  public static boolean isAsAsked(String variable, String value) {
    return value.equalsIgnoreCase(VALUES.getOrDefault(variable, value));
  }

  /** Writes it as a client of these capabilities does. */
  public static void write(PayloadWriter writer, Capabilities capabilities) {
    write(writer, capabilities, SQL);
  }

  /** Has the server tell once more what statements are parsed by. */
  public static void writeParsing(PayloadWriter writer, Capabilities capabilities) {
    write(writer, capabilities, PARSING);
  }

  private static void write(PayloadWriter writer, Capabilities capabilities, String sql) {
    writer.int1(QUERY);
    if (capabilities.has(Capabilities.QUERY_ATTRIBUTES)) {
      writer.int1(0).int1(1); // no attributes, in one set
    }
    writer.utf8(sql);
  }
}
