package dev.halcyon.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.model.Engine;
import dev.halcyon.proxy.wire.AuthSwitch;
import dev.halcyon.proxy.wire.Bytes;
import dev.halcyon.proxy.wire.Capabilities;
import dev.halcyon.proxy.wire.PayloadWriter;
import dev.halcyon.testing.Account;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

/** Through the proxy a client is answered byte for byte as by the server itself. */
class ProtocolTest {
  private static final String MARK = "that is all of it";

  private static final List<Long> BOTH =
      List.of(
          RawClient.PLAIN | Capabilities.LOCAL_FILES,
          RawClient.PLAIN | Capabilities.DEPRECATE_EOF | Capabilities.CONNECT_ATTRIBUTES);

  private static final long MARIADB =
      (RawClient.PLAIN & ~Capabilities.NOT_MARIADB) | Capabilities.DEPRECATE_EOF;

  private static final List<Long> MARIADB_ONLY =
      List.of(
          MARIADB,
          MARIADB | Capabilities.EXTENDED_METADATA,
          MARIADB | Capabilities.EXTENDED_METADATA | Capabilities.CACHE_METADATA,
          MARIADB | Capabilities.BULK_OPERATIONS,
          MARIADB | Capabilities.BULK_OPERATIONS | Capabilities.BULK_UNIT_RESULTS);

  private static final List<Long> MYSQL_ONLY =
      List.of(RawClient.PLAIN | Capabilities.QUERY_ATTRIBUTES | Capabilities.DEPRECATE_EOF);

  /** Commands, and what is read after each: all up to the mark. */
  private interface Talk {
    void with(Partner partner) throws IOException;
  }

  @EngineTest
  void answersAreTheServers(Database database, Engine engine) throws Exception {
    database.execute(
        "CREATE TABLE t (id INT PRIMARY KEY, d DATE, dt DATETIME(6), b LONGBLOB, n DECIMAL(20, 5),"
            + " f DOUBLE, s VARCHAR(100), u BIGINT UNSIGNED)",
        "SET SESSION sql_mode = ''",
        "INSERT INTO t VALUES (1, '0000-00-00', '0000-00-00 00:00:00', REPEAT('b', 100000), 1.5,"
            + " 1e100, 'Gr\u00fc\u00dfe', 18446744073709551615),"
            + " (2, '2024-02-00', '2026-01-02 03:04:05.000006', '', -7, 0, '', 0),"
            + " (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL)",
        "SET SESSION sql_mode = DEFAULT",
        "CREATE PROCEDURE p(IN a INT, OUT o INT) BEGIN SELECT a; SELECT id, s FROM t; SET o = a; END");
    var account = account(database, engine);
    var all = new ArrayList<>(BOTH);
    all.addAll(engine == Engine.MARIADB ? MARIADB_ONLY : MYSQL_ONLY);
    try (var proxied = new ProxiedDatabase(database, account)) {
      for (long capabilities : all) {
        for (Talk talk : talks(capabilities)) {
          var direct = transcript(server(database), database, account, capabilities, talk);
          var through = transcript(proxied.proxy.address(), database, account, capabilities, talk);
          assertThat(through).as("capabilities %x", capabilities).isEqualTo(direct);
          assertThat(direct).hasSizeGreaterThan(2);
        }
        proxied.awaitSessions(0);
      }
    } finally {
      database.execute("DROP USER " + account.user());
    }
  }

  private static List<Talk> talks(long capabilities) {
    var talks = new ArrayList<Talk>(List.of(ProtocolTest::texts, ProtocolTest::prepared));
    talks.add(ProtocolTest::cursors);
    talks.add(ProtocolTest::otherCommands);
    var all = new Capabilities(capabilities);
    if (all.has(Capabilities.BULK_OPERATIONS)) {
      talks.add(ProtocolTest::bulk);
    }
    if (all.has(Capabilities.QUERY_ATTRIBUTES)) {
      talks.add(ProtocolTest::attributes);
    }
    return talks;
  }

  private static void texts(Partner partner) throws IOException {
    for (String sql :
        List.of(
            "SELECT * FROM t",
            "SELECT id, d, dt FROM t ORDER BY id DESC",
            "SELECT * FROM t WHERE id < 0",
            "SELECT 1; DO 0; SELECT id, b FROM t; SET @x = 2",
            "SELECT 1; SELECT nothing FROM t; SELECT 2",
            "CALL p(7, @o)",
            "SELECT REPEAT('r', 70000), NULL, '', REPEAT('s', 252)",
            "INSERT INTO t (id) VALUES (1)",
            "UPDATE t SET s = 'x' WHERE id = 2",
            "UPDATE t SET s = '' WHERE id = 2",
            "SHOW WARNINGS",
            "EXPLAIN SELECT 1",
            "BEGIN; SELECT id FROM t; ROLLBACK",
            "no sql at all")) {
      partner.query(sql);
    }
  }

  private static void prepared(Partner partner) throws IOException {
    partner.prepare("SELECT * FROM t WHERE id >= ?");
    long selects = partner.present();
    for (int id : new int[] {1, 3, 1}) {
      partner.execute(selects, 0, id);
    }
    partner.prepare("SELECT nothing FROM t");
    partner.prepare("DO 1");
    partner.prepare("CALL p(?, @o)");
    partner.execute(partner.present(), 0, 4);
    partner.prepare("SELECT LENGTH(?), MD5(?)");
    long asks = partner.present();
    for (int parameter = 0; parameter < 2; parameter++) {
      for (int part = 0; part < 3; part++) {
        int number = parameter;
        var bytes = Bytes.of("long ".repeat(5000 + part).getBytes(StandardCharsets.US_ASCII));
        partner.silent(writer -> writer.int1(0x18).int4(asks).int2(number).bytes(bytes));
      }
    }
    partner.command(
        writer -> {
          writer.int1(0x17).int4(asks).int1(0).int4(1);
          partner.parameterCount(writer, 2);
          writer.int1(0).int1(1);
          for (int i = 0; i < 2; i++) {
            partner.type(writer, 0xfc);
          }
        });
    partner.command(writer -> writer.int1(0x1a).int4(asks)); // reset
    partner.silent(writer -> writer.int1(0x19).int4(asks)); // close
    partner.command(writer -> writer.int1(0x17).int4(asks).int1(0).int4(1)); // is gone
  }

  private static void cursors(Partner partner) throws IOException {
    partner.prepare("SELECT id, s FROM t WHERE id >= ? ORDER BY id");
    long statement = partner.present();
    partner.execute(statement, 1, 1);
    for (int i = 0; i < 3; i++) {
      partner.command(writer -> writer.int1(0x1c).int4(statement).int4(2));
    }
    partner.execute(statement, 1, 2);
    partner.command(writer -> writer.int1(0x1c).int4(statement).int4(1));
    partner.command(writer -> writer.int1(0x1a).int4(statement));
    partner.command(writer -> writer.int1(0x1c).int4(statement).int4(1)); // none is open
  }

  private static void otherCommands(Partner partner) throws IOException {
    partner.command(writer -> writer.int1(0x0e)); // ping
    partner.command(writer -> writer.int1(0x02).utf8("information_schema"));
    partner.command(writer -> writer.int1(0x02).utf8("no_such_schema"));
    partner.command(writer -> writer.int1(0x1b).int2(1)); // no multi-statements
    partner.query("SELECT 1; SELECT 2");
    partner.command(writer -> writer.int1(0x1b).int2(0));
    partner.query("SELECT 1; SELECT 2");
    partner.command(writer -> writer.int1(0x7b));
    partner.command(writer -> writer.int1(0x1f)); // reset of the connection
    partner.query("SELECT @x");
  }

  /** MariaDB's COM_STMT_BULK_EXECUTE: three rows in one command. */
  private static void bulk(Partner partner) throws IOException {
    partner.query("CREATE TEMPORARY TABLE tt (id INT AUTO_INCREMENT PRIMARY KEY, i INT)");
    partner.prepare("INSERT INTO tt (i) VALUES (?)");
    boolean each = partner.capabilities.has(Capabilities.BULK_UNIT_RESULTS);
    partner.command(
        writer -> {
          writer.int1(0xfa).int4(partner.present()).int2(each ? 128 + 64 : 128).int2(3);
          for (int i = 0; i < 3; i++) {
            writer.int1(0).int4(i);
          }
        });
    partner.query("SELECT * FROM tt");
  }

  /** MySQL's query attributes. */
  private static void attributes(Partner partner) throws IOException {
    partner.command(
        writer ->
            writer
                .int1(3)
                .int1(1)
                .int1(1)
                .int1(0)
                .int1(1)
                .int2(0xfd)
                .lengthEncodedBytes(bytes("trace")) // its name
                .lengthEncodedBytes(bytes("abc"))
                .utf8("SELECT id FROM t"));
  }

  private static Bytes bytes(String text) {
    return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> transcript(
      InetSocketAddress address, Database database, Account account, long capabilities, Talk talk)
      throws IOException {
    try (var client = new RawClient(address)) {
      byte[] answer =
          client.login(account.user(), account.password(), database.schema(), capabilities);
      if (answer[0] == (byte) AuthSwitch.FIRST_BYTE) {
        byte[] nonce = AuthSwitch.decode(RawClient.reader(answer)).nonce().toArray();
        client.send(3, writer -> writer.bytes(RawClient.oldProof(account.password(), nonce)));
        answer = client.read();
      }
      assertThat(answer[0]).isZero();
      var partner = new Partner(client, new Capabilities(capabilities));
      talk.with(partner);
      return partner.heard;
    }
  }

  private static InetSocketAddress server(Database database) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), database.server().port());
  }

  /** MariaDB tells a client that can take it how far a long statement is. */
  @EngineTest(Engine.MARIADB)
  void progressIsReported(Database database) throws Exception {
    database.execute(
        "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, x CHAR(100))",
        "INSERT INTO t (x) SELECT seq FROM seq_1_to_100000");
    long capabilities = MARIADB | Capabilities.PROGRESS;
    try (var proxied = new ProxiedDatabase(database);
        var client = new RawClient(proxied.proxy.address())) {
      client.login(database.user(), database.password(), database.schema(), capabilities);
      client.query("SET progress_report_time = 1");
      assertThat(client.read()[0]).isZero();
      int reports = 0;
      for (int doubled = 0; doubled < 6 && reports == 0; doubled++) {
        client.query("INSERT INTO t (x) SELECT x FROM t");
        reports += reports(client);
        client.query("ALTER TABLE t FORCE, ALGORITHM=COPY");
        reports += reports(client);
      }
      assertThat(reports).isPositive();
      assertThat(proxied.proxy.status().sessions().getFirst().boundary().hindrances()).isEmpty();
    }
  }

  /** Reads to the OK. */
  private static int reports(RawClient client) throws IOException {
    int reports = 0;
    byte[] packet = client.read();
    while (packet[0] == (byte) 0xff) {
      assertThat(packet).startsWith(0xff, 0xff, 0xff);
      reports++;
      packet = client.read();
    }
    assertThat(packet[0]).isZero();
    return reports;
  }

  @EngineTest
  void nothingIsOfferedThatCannotBeFollowed(Database database) throws IOException {
    long compression = 1 << 5 | 1 << 26;
    try (var proxied = new ProxiedDatabase(database);
        var client = new RawClient(proxied.proxy.address());
        var direct = new RawClient(server(database))) {
      assertThat(direct.greeting().capabilities().bits() & compression).isNotZero();
      assertThat(client.greeting().capabilities().bits() & compression).isZero();
      assertThat(client.greeting().capabilities().without(Capabilities.PASSED).bits()).isZero();
    }
  }

  /** One that proves itself alike everywhere. */
  private static Account account(Database database, Engine engine) {
    database.execute(
        "CREATE USER other_4 IDENTIFIED "
            + (engine == Engine.MYSQL ? "WITH mysql_native_password " : "")
            + "BY 'other'",
        "GRANT ALL ON *.* TO other_4");
    return new Account("other_4", "other");
  }

  /** Sends commands and writes down each packet of the answers. */
  private static final class Partner {
    final Capabilities capabilities;
    final List<String> heard = new ArrayList<>();
    private final RawClient client;
    private long present;

    Partner(RawClient client, Capabilities capabilities) {
      this.client = client;
      this.capabilities = capabilities;
    }

    /** Of the statement prepared last. */
    long present() {
      return present;
    }

    void query(String sql) throws IOException {
      command(writer -> text(writer, sql));
    }

    void prepare(String sql) throws IOException {
      int before = heard.size();
      command(writer -> writer.int1(0x16).utf8(sql));
      String ok = heard.get(before);
      if (ok.startsWith("00")) {
        var reader = RawClient.reader(HexFormat.of().parseHex(ok));
        reader.skip(1);
        present = reader.int4();
        heard.set(before, "prepared " + ok.substring(10)); // MariaDB counts on in reused threads
      }
    }

    /** With one number. */
    void execute(long statement, int cursor, int number) throws IOException {
      command(
          writer -> {
            writer.int1(0x17).int4(statement).int1(cursor).int4(1);
            parameterCount(writer, 1);
            writer.int1(0).int1(1);
            type(writer, 3);
            writer.int4(number);
          });
    }

    /** Of a parameter, which may have a name. */
    void type(PayloadWriter writer, int type) {
      writer.int2(type);
      if (capabilities.has(Capabilities.QUERY_ATTRIBUTES)) {
        writer.int1(0);
      }
    }

    void parameterCount(PayloadWriter writer, int count) {
      if (capabilities.has(Capabilities.QUERY_ATTRIBUTES)) {
        writer.int1(count);
      }
    }

    void silent(Consumer<PayloadWriter> payload) throws IOException {
      client.send(0, payload);
    }

    /** Whatever the answer is, the next begins behind the mark. */
    void command(Consumer<PayloadWriter> payload) throws IOException {
      client.send(0, payload);
      client.send(0, writer -> text(writer, "SELECT '" + MARK + "' AS m"));
      int from = heard.size();
      while (true) {
        byte[] packet = client.read();
        String text = new String(packet, StandardCharsets.ISO_8859_1);
        if (text.length() == MARK.length() + 1 && text.endsWith(MARK)) {
          client.read();
          break;
        }
        heard.add(hex(text.replace("(" + present + ")", "(that)")));
      }
      int marks = capabilities.has(Capabilities.DEPRECATE_EOF) ? 2 : 3;
      assertThat(heard.size() - marks).isGreaterThan(from);
      heard.subList(heard.size() - marks, heard.size()).clear();
    }

    private void text(PayloadWriter writer, String sql) {
      writer.int1(3);
      if (capabilities.has(Capabilities.QUERY_ATTRIBUTES)) {
        writer.int1(0).int1(1);
      }
      writer.utf8(sql);
    }

    private static String hex(String packet) {
      return HexFormat.of().formatHex(packet.getBytes(StandardCharsets.ISO_8859_1));
    }
  }
}
