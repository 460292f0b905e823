package dev.halcyon.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.model.Engine;
import dev.halcyon.proxy.wire.Capabilities;
import dev.halcyon.testing.Account;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * The server tells the proxy of changes that the client cannot take. The client sees what it would
 * see without the proxy, byte by byte.
 */
class UntoldChangesTest {
  private static final Account ACCOUNT = new Account("untold", "secret");
  private static final int MORE_RESULTS = 8;

  private static final List<Long> CLIENTS =
      List.of(
          RawClient.PLAIN,
          RawClient.PLAIN | Capabilities.DEPRECATE_EOF,
          RawClient.PLAIN & ~Capabilities.NOT_MARIADB);

  private static final List<String> STATEMENTS =
      List.of(
          "UPDATE t SET x = x + 1",
          "INSERT INTO t (x) VALUES (1), (2), (3)",
          "SET sql_mode = 'ANSI', @a = 1",
          "SET @big = REPEAT('x', 70000), autocommit = 0",
          "USE %s",
          "BEGIN",
          "SELECT @a := 2, x FROM t",
          "SELECT REPEAT('x', 70000), @b := 3",
          "DO 1; SET @c = 2; SELECT @c, @d := 5; UPDATE t SET x = 2; USE %s; SELECT 7",
          "SELECT nothing",
          "COMMIT",
          "SET autocommit = 1",
          "DELETE FROM t");

  @EngineTest
  void clientSeesWhatItWouldSeeWithoutTheProxy(Database database, Engine engine) throws Exception {
    database.execute(
        "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, x INT)",
        "CREATE USER untold@'%' IDENTIFIED "
            + (engine == Engine.MYSQL ? "WITH mysql_native_password BY" : "BY")
            + " 'secret'",
        "GRANT ALL ON " + database.schema() + ".* TO untold@'%'");
    var server = new InetSocketAddress(InetAddress.getLoopbackAddress(), database.server().port());
    try (var proxied = new ProxiedDatabase(database, ACCOUNT)) {
      for (long capabilities : CLIENTS) {
        database.execute("TRUNCATE TABLE t", "INSERT INTO t VALUES (1, 1)");
        var direct = answers(server, database.schema(), capabilities);
        database.execute("TRUNCATE TABLE t", "INSERT INTO t VALUES (1, 1)");
        var seen = answers(proxied.proxy.address(), database.schema(), capabilities);
        assertThat(seen).hasSameSizeAs(direct);
        for (int i = 0; i < seen.size(); i++) {
          assertThat(seen.get(i))
              .as("packet %d, client %d", i, capabilities)
              .isEqualTo(direct.get(i));
        }
      }
    } finally {
      database.execute("DROP USER untold@'%'");
    }
  }

  private static List<String> answers(InetSocketAddress address, String schema, long capabilities)
      throws IOException {
    var answers = new ArrayList<String>();
    try (var client = new RawClient(address)) {
      login(client, schema, capabilities);
      for (var sql : STATEMENTS) {
        client.query(sql.formatted(schema));
        byte[] last;
        do {
          last = result(client, capabilities, answers);
        } while (hasMore(last));
      }
    }
    return answers;
  }

  private static void login(RawClient client, String schema, long capabilities) throws IOException {
    byte[] answer = client.login(ACCOUNT.user(), ACCOUNT.password(), schema, capabilities);
    if (answer[0] == (byte) 0xfe) {
      int name = 1;
      while (answer[name] != 0) {
        name++;
      }
      byte[] nonce = Arrays.copyOfRange(answer, name + 1, name + 21);
      var proof = RawClient.oldProof(ACCOUNT.password(), nonce);
      client.send(3, writer -> writer.bytes(proof));
      answer = client.read();
    }
    assertThat(answer[0]).isZero();
  }

  /**
   * @return its last packet
   */
  private static byte[] result(RawClient client, long capabilities, List<String> packets)
      throws IOException {
    byte[] packet = read(client, packets);
    if (packet[0] == 0 || packet[0] == (byte) 0xff) {
      return packet;
    }
    boolean modern = new Capabilities(capabilities).has(Capabilities.DEPRECATE_EOF);
    for (int i = packet[0] + (modern ? 0 : 1); i > 0; i--) {
      read(client, packets);
    }
    do {
      packet = read(client, packets);
    } while (packet[0] != (byte) 0xfe && packet[0] != (byte) 0xff);
    return packet;
  }

  private static byte[] read(RawClient client, List<String> packets) throws IOException {
    byte[] packet = client.read();
    var text = HexFormat.of().formatHex(packet);
    packets.add(packet.length > 1000 ? packet.length + " " + text.hashCode() : text);
    return packet;
  }

  private static boolean hasMore(byte[] last) {
    if (last[0] == (byte) 0xff) {
      return false;
    }
    return (last[3] & MORE_RESULTS) != 0; // the status, in either form while numbers are small
  }
}
