package dev.halcyon.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.model.Engine;
import dev.halcyon.proxy.tls.TlsSettings;
import dev.halcyon.testing.Account;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;

/**
 * The clients of the command line: that of each server and that of the system, plain and over TLS,
 * LOAD DATA LOCAL included, and led from server to server between two lines and in a transaction.
 */
class CommandLineTest {
  private static final TlsSettings TLS =
      new TlsSettings(new TlsSettings.Identity.SelfMade(), new TlsSettings.Trust.Anyone());

  /** More than one packet has. */
  private static final int LARGE = 17_000_000;

  /** As MariaDB's client comes along, it has no other. */
  private static final String OLD_PLUGIN = "--default-auth=mysql_native_password";

  /**
   * A client and its options.
   *
   * @param proves whether it has the plugin that MySQL's accounts have by default
   */
  private record Client(Path program, List<String> plain, List<String> secure, boolean proves) {}

  @EngineTest
  void clientsOfTheServers(Database database, Engine engine, @TempDir Path folder)
      throws Exception {
    var mysql =
        new Client(
            Programs.ofServer(Engine.MYSQL),
            List.of("--ssl-mode=DISABLED"),
            List.of("--ssl-mode=REQUIRED"),
            true);
    // It checks what it sees: at MariaDB's the proxy's own certificate is vouched for.
    var mariadb =
        new Client(
            Programs.ofServer(Engine.MARIADB),
            List.of("--skip-ssl", "--compress", OLD_PLUGIN),
            engine == Engine.MARIADB
                ? List.of("--ssl", "--ssl-verify-server-cert", OLD_PLUGIN)
                : List.of("--ssl", "--disable-ssl-verify-server-cert", OLD_PLUGIN),
            engine == Engine.MARIADB);
    work(database, folder, List.of(mysql, mariadb));
  }

  @EngineTest
  void clientOfTheSystem(Database database, @TempDir Path folder) throws Exception {
    var client =
        new Client(
            Programs.require("mariadb"),
            List.of("--skip-ssl", "--compress"),
            List.of("--ssl", "--disable-ssl-verify-server-cert"),
            true);
    work(database, folder, List.of(client));
  }

  private static void work(Database database, Path folder, List<Client> clients) throws Exception {
    Path lines = Files.writeString(folder.resolve("lines"), "1\tone\n2\ttwo\n");
    String limit = database.value("SELECT @@GLOBAL.max_allowed_packet");
    try (var servers = new TwoServers(database)) {
      servers.execute(
          "SET GLOBAL local_infile = ON",
          "SET GLOBAL max_allowed_packet = 67108864",
          "CREATE TABLE w (id INT PRIMARY KEY, x VARCHAR(20))");
      var account = servers.account("cli");
      var old = servers.oldAccount("old_cli");
      try (var proxied = servers.proxied(TLS)) {
        for (var client : clients) {
          for (var one : client.proves() ? List.of(account, old) : List.of(old)) {
            for (var tls : List.of(client.plain(), client.secure())) {
              var command = command(client, proxied, one, tls);
              script(command, folder, one, lines);
              lead(proxied, command, folder, one);
              assertThat(servers.count("w")).isEqualTo(1);
              servers.execute("DELETE FROM w");
            }
          }
        }
      }
    } finally {
      database.execute("SET GLOBAL max_allowed_packet = " + limit);
    }
  }

  private static List<String> command(
      Client client, ProxiedDatabase proxied, Account account, List<String> tls) {
    var command =
        new ArrayList<>(
            List.of(
                client.program().toString(),
                "--no-defaults",
                "--host=127.0.0.1",
                "--port=" + proxied.proxy.address().getPort(),
                "--user=" + account.user(),
                "--local-infile=1",
                "--max-allowed-packet=64M",
                "--batch",
                "--unbuffered",
                "--skip-column-names"));
    command.addAll(tls);
    command.add(proxied.database.schema());
    return command;
  }

  private static void script(List<String> command, Path folder, Account account, Path lines)
      throws Exception {
    String script =
        """
        SELECT CURRENT_USER();
        CREATE TABLE c (id INT PRIMARY KEY, x VARCHAR(20));
        LOAD DATA LOCAL INFILE '%s' INTO TABLE c;
        START TRANSACTION; INSERT INTO c VALUES (3, 'three'); COMMIT;
        SELECT COUNT(*), MAX(x) FROM c;
        SELECT LENGTH('%s'), REPEAT('y', 17000000);
        DROP TABLE c;
        """
            .formatted(lines, "x".repeat(LARGE));
    String output = Programs.run(command, folder, password(account), script);
    var seen = output.lines().toList();
    assertThat(seen).as("%s", command).hasSize(3).startsWith(account.user() + "@%", "3\ttwo");
    assertThat(seen.getLast()).hasSize("17000000\t".length() + LARGE);
  }

  private static Map<String, String> password(Account account) {
    return Map.of("MYSQL_PWD", account.password());
  }

  private static void lead(
      ProxiedDatabase proxied, List<String> command, Path folder, Account account)
      throws Exception {
    var process = Programs.start(command, folder, password(account));
    try (var output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String where = "SELECT @@server_id, @n, DATABASE();";
      String schema = proxied.database.schema();
      say(process, "SET @n = 7; " + where);
      assertThat(output.readLine()).isEqualTo("1\t7\t" + schema);
      proxied.lead("b");
      say(process, where);
      assertThat(output.readLine()).isEqualTo("77\t7\t" + schema);

      say(process, "START TRANSACTION; INSERT INTO w VALUES (1, 'x'); SELECT 'within';");
      assertThat(output.readLine()).isEqualTo("within");
      var leads = new FutureTask<>(() -> leads(proxied, process));
      Thread.ofVirtual().start(leads);
      proxied.awaitHeld();
      proxied.awaitBound(Hindrance.TRANSACTION);
      say(process, where);
      assertThat(output.readLine()).isEqualTo("77\t7\t" + schema);
      say(process, "COMMIT; START TRANSACTION; " + where + " COMMIT;");
      String behind = output.readLine();
      assertThat(leads.get(60, TimeUnit.SECONDS)).isTrue();
      assertThat(behind).isEqualTo("1\t7\t" + schema);
      process.getOutputStream().close();
      assertThat(output.readLine()).isNull();
      assertThat(process.waitFor()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  /** If it fails, the program shall not wait for ever. */
  private static boolean leads(ProxiedDatabase proxied, Process process)
      throws InterruptedException {
    boolean led = false;
    try {
      proxied.lead("a");
      led = true;
    } finally {
      if (!led) {
        process.destroyForcibly();
      }
    }
    return led;
  }

  private static void say(Process process, String line) throws IOException {
    process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
  }
}
