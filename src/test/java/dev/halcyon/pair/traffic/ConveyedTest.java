package dev.halcyon.pair.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What HAProxy 2.6 prints. */
class ConveyedTest {
  private static final String ANSWER =
      """
      0x55ecf07ae330: [22/Nov/2026:05:32:48.648863] id=0 proto=tcpv4 source=127.0.0.1:38508
        flags=0x4a, conn_retries=0, conn_exp=<NEVER> srv_conn=0x55e, pend_pos=(nil) waiting=0
        frontend=users (id=2 mode=tcp), listener=? (id=1) addr=127.0.0.1:27000
        backend=db (id=3 mode=tcp) addr=127.0.0.1:55450
        server=west (id=1) addr=127.0.0.1:27001
        task=0x55ecf08c8600 (state=0x00 nice=0 calls=2 rate=2 exp=1s tmask=0x1 age=0s)
      0x7fb434039f10: [22/Nov/2026:05:32:48.720351] id=1 proto=tcpv4 source=10.0.0.7:38522
        flags=0x4a, conn_retries=0, conn_exp=<NEVER> srv_conn=(nil), pend_pos=0x7fb434 waiting=0
        frontend=users (id=2 mode=tcp), listener=? (id=1) addr=127.0.0.1:27000
        backend=db (id=3 mode=tcp)
        server=<NONE> (id=-1)
      0x7fb434042c40: [22/Nov/2026:05:32:48.927612] id=3 proto=unix_stream source=unix:1
        flags=0x8, conn_retries=0, conn_exp=<NEVER> srv_conn=(nil), pend_pos=(nil) waiting=0
        frontend=GLOBAL (id=0 mode=tcp), listener=? (id=1) addr=unix:1
        backend=<NONE> (id=-1 mode=-)
        server=<NONE> (id=-1)
      """;

  @Test
  void sessionsOfTheBackendAreRead() {
    assertThat(Conveyed.parse(ANSWER, "db"))
        .containsExactly(
            new Conveyed("0x55ecf07ae330", "127.0.0.1:38508", "west", 55450, false),
            new Conveyed("0x7fb434039f10", "10.0.0.7:38522", "", 0, true));
    assertThat(Conveyed.parse(ANSWER, "other")).isEmpty();
    assertThat(Conveyed.parse("", "db")).isEmpty();
  }
}
