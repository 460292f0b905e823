package dev.halcyon.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.proxy.tls.TlsSettings;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.EngineTest;
import io.netty.util.internal.PlatformDependent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;

/** A client that reads slowly, or a server, holds up the other and fills no memory. */
class BackPressureTest {
  private static final int ROWS = 120;
  private static final int ROW_BYTES = 1_000_000;

  /** Of 120 MB. The proxy's own share is its two marks, a read, and with TLS a few records. */
  private static final long MOST = 12L << 20;

  private static final long STILL_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

  @EngineTest(alone = true)
  void slowReaderFillsNoMemory(Database database) throws Exception {
    var secure =
        new TlsSettings(new TlsSettings.Identity.SelfMade(), new TlsSettings.Trust.Anyone());
    for (var tls : new TlsSettings[] {TlsSettings.NONE, secure}) {
      long before = inUse();
      String mode = tls.equals(secure) ? "&sslMode=trust" : "";
      try (var proxied = new ProxiedDatabase(database, tls, ProxiedDatabase.known(database));
          var connection = proxied.connect(mode);
          var statement = connection.createStatement()) {
        statement.setFetchSize(1);
        try (var rows = statement.executeQuery(large())) {
          assertThat(rows.next()).isTrue();
          awaitStandstill();
          long most = inUse();
          long others = most - used();
          most = Math.max(most, others + read(rows));
          System.out.printf(
              "slow reader, %s: %d KiB of %d MB in the proxy%n",
              mode.isEmpty() ? "plain" : "TLS",
              (most - before) >> 10,
              (long) ROWS * ROW_BYTES / 1_000_000);
          assertThat(most - before).isLessThan(MOST);
        }
        assertThat(connection.isValid(20)).isTrue();
      }
    }
  }

  private static String large() {
    return "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
        + ROWS
        + ") SELECT i, REPEAT(CHAR(65 + i MOD 26), "
        + ROW_BYTES
        + ") FROM n";
  }

  /** Reads the other rows; the most memory that was in use meanwhile. */
  private static long read(ResultSet rows) throws SQLException {
    long most = 0;
    int number = 1;
    while (rows.next()) {
      number++;
      assertThat(rows.getString(2)).hasSize(ROW_BYTES);
      most = Math.max(most, used());
    }
    assertThat(number).isEqualTo(ROWS);
    return most;
  }

  /** Until no byte has come for a while. */
  private static void awaitStandstill() throws InterruptedException {
    long last = used();
    long since = System.nanoTime();
    while (System.nanoTime() - since < STILL_NANOS) {
      Thread.sleep(10);
      if (used() != last) {
        last = used();
        since = System.nanoTime();
      }
    }
  }

  /** Buffers of the network's side. */
  private static long used() {
    return PlatformDependent.usedDirectMemory();
  }

  /** With the objects that live; TLS has its buffers among them. */
  private static long inUse() {
    System.gc();
    var runtime = Runtime.getRuntime();
    return used() + runtime.totalMemory() - runtime.freeMemory();
  }
}
