package dev.halcyon.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.testing.ServerPair;
import java.util.Map;
import java.util.TreeMap;

/**
 * What clients have written: each its numbers from 1 on, without a gap and none twice, and beside
 * each number how many its session remembered to have written. Some also count in a row of theirs.
 */
public final class Ledger {
  public static final String SCHEMA = "ledger";

  private Ledger() {}

  /** On server a, before any client. */
  public static void create(ServerPair pair) {
    pair.execute(
        "a",
        "CREATE DATABASE ledger CHARACTER SET utf8mb4",
        """
        CREATE TABLE ledger.entry (id BIGINT AUTO_INCREMENT PRIMARY KEY, client INT NOT NULL,
          number BIGINT NOT NULL, remembered BIGINT, KEY (client, number))
        """,
        "CREATE TABLE ledger.counter (client INT PRIMARY KEY, entries BIGINT NOT NULL)");
    for (int client = 0; client < MixedClients.CLIENTS; client++) {
      pair.execute("a", "INSERT INTO ledger.counter VALUES (%d, 0)".formatted(client));
    }
  }

  /**
   * Nothing that was acknowledged is lost, nothing is there twice, and both servers have it.
   *
   * @param acknowledged the entries by client
   * @param counted the same of those that count, too
   */
  public static void verify(
      ServerPair pair, Map<Integer, Long> acknowledged, Map<Integer, Long> counted) {
    for (var server : new String[] {"a", "b"}) {
      var expected = new TreeMap<Integer, String>();
      acknowledged.forEach(
          (client, number) -> expected.put(client, "%1$d %1$d %1$d 0".formatted(number)));
      assertThat(
              pair.values(
                  server,
                  """
                  SELECT client, CONCAT_WS(' ', COUNT(*), COUNT(DISTINCT number), MAX(number),
                    SUM(remembered IS NULL OR number - remembered NOT IN (1, 2)))
                    FROM ledger.entry GROUP BY client
                  """))
          .as("entries, different ones, the last one, those that a session did not remember")
          .isEqualTo(expected);
      var counts = new TreeMap<Integer, String>();
      counted.forEach((client, number) -> counts.put(client, Long.toString(number)));
      assertThat(
              pair.values(server, "SELECT client, entries FROM ledger.counter WHERE entries > 0"))
          .isEqualTo(counts);
    }
  }
}
