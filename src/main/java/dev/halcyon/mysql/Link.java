package dev.halcyon.mysql;

import dev.halcyon.model.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Replication into a server, as that server tells.
 *
 * @param channel empty for the one without a name
 * @param source {@code host:port}
 * @param sourceId the source's {@code server_id}; 0 before it was ever reached
 * @param receiving whether it is connected to its source, not only trying
 * @param applying whether what is received is executed
 * @param gtid whether it follows by global transaction ids
 * @param delay in seconds, on purpose
 * @param filters what is left out, each as setting and value
 * @param error of receiving or applying, with the server's number; empty for none
 * @param position what was received and applied, for people
 */
public record Link(
    String channel,
    String source,
    long sourceId,
    boolean receiving,
    boolean applying,
    boolean gtid,
    long delay,
    List<String> filters,
    String error,
    String position) {

  private static final List<String> FILTERS =
      List.of(
          "Replicate_Do_DB",
          "Replicate_Ignore_DB",
          "Replicate_Do_Table",
          "Replicate_Ignore_Table",
          "Replicate_Wild_Do_Table",
          "Replicate_Wild_Ignore_Table");

  public Link {
    filters = List.copyOf(filters);
  }

  /** Every link into the server; empty if it replicates from nobody. */
  public static List<Link> into(Session session) {
    return session.query(status(session)).stream()
        .map(
            switch (session.engine()) {
              case MARIADB -> row -> ofMariaDb(row);
              case MYSQL ->
                  oldWords(session) ? row -> ofMySql(row, "Master", "Slave") : Link::ofMySql;
            })
        .toList();
  }

  /** Whether what the source writes arrives and is executed. */
  public boolean running() {
    return receiving && applying;
  }

  /** Receives and executes again, on every link; nothing if it does so already. */
  public static void start(Session session) {
    session.execute(
        switch (session.engine()) {
          case MARIADB -> "START ALL SLAVES";
          case MYSQL -> oldWords(session) ? "START SLAVE" : "START REPLICA";
        });
  }

  /** Receives and executes nothing, on every link. */
  public static void stop(Session session) {
    session.execute(
        switch (session.engine()) {
          case MARIADB -> "STOP ALL SLAVES";
          case MYSQL -> oldWords(session) ? "STOP SLAVE" : "STOP REPLICA";
        });
  }

  /** Executes what is received; nothing if it does so already. */
  public static void startApplier(Session session) {
    session.execute(oldWords(session) ? "START SLAVE SQL_THREAD" : "START REPLICA SQL_THREAD");
  }

  /** Receives on, but executes nothing. */
  public static void stopApplier(Session session) {
    session.execute(oldWords(session) ? "STOP SLAVE SQL_THREAD" : "STOP REPLICA SQL_THREAD");
  }

  private static String status(Session session) {
    return switch (session.engine()) {
      case MARIADB -> "SHOW ALL SLAVES STATUS";
      case MYSQL -> oldWords(session) ? "SHOW SLAVE STATUS" : "SHOW REPLICA STATUS";
    };
  }

  private static boolean oldWords(Session session) {
    return session.engine() == Engine.MARIADB || !session.version().atLeast(8, 0, 22);
  }

  private static Link ofMariaDb(Row row) {
    return new Link(
        text(row, "Connection_name"),
        text(row, "Master_Host") + ":" + text(row, "Master_Port"),
        row.longValue("Master_Server_Id"),
        text(row, "Slave_IO_Running").equals("Yes"),
        text(row, "Slave_SQL_Running").equals("Yes"),
        !text(row, "Using_Gtid").equals("No"),
        row.isNull("SQL_Delay") ? 0 : row.longValue("SQL_Delay"),
        filters(row),
        errors(row),
        text(row, "Gtid_Slave_Pos"));
  }

  private static Link ofMySql(Row row) {
    return ofMySql(row, "Source", "Replica");
  }

  /** MySQL renamed both words in 8.0.22. */
  private static Link ofMySql(Row row, String source, String replica) {
    boolean gtid = text(row, "Auto_Position").equals("1");
    return new Link(
        text(row, "Channel_Name"),
        text(row, source + "_Host") + ":" + text(row, source + "_Port"),
        row.longValue(source + "_Server_Id"),
        text(row, replica + "_IO_Running").equals("Yes"),
        text(row, replica + "_SQL_Running").equals("Yes"),
        gtid,
        row.isNull("SQL_Delay") ? 0 : row.longValue("SQL_Delay"),
        filters(row),
        errors(row),
        gtid
            ? text(row, "Executed_Gtid_Set").replaceAll("\\s", "")
            : text(row, "Relay_" + source + "_Log_File")
                + ":"
                + text(row, "Exec_" + source + "_Log_Pos"));
  }

  private static List<String> filters(Row row) {
    var filters = new ArrayList<String>();
    for (var name : FILTERS) {
      var value = text(row, name);
      if (!value.isEmpty()) {
        filters.add(name + " = " + value);
      }
    }
    return filters;
  }

  private static String errors(Row row) {
    return Stream.of("IO", "SQL")
        .filter(part -> !text(row, "Last_" + part + "_Error").isEmpty())
        .map(
            part ->
                text(row, "Last_" + part + "_Errno") + " " + text(row, "Last_" + part + "_Error"))
        .collect(Collectors.joining("; "));
  }

  private static String text(Row row, String column) {
    return Objects.requireNonNullElse(row.stringOrNull(column), "");
  }
}
