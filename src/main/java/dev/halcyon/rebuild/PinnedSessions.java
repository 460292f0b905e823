package dev.halcyon.rebuild;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Refusal;
import dev.halcyon.mysql.FencedSessions;
import dev.halcyon.mysql.ServerIdentity;
import dev.halcyon.mysql.Session;

/**
 * Sessions on the server whose log a rebuild follows, and on no other one, wherever the address may
 * lead by now. As thread-safe as those that it opens.
 */
final class PinnedSessions implements FencedSessions {
  private final FencedSessions sessions;
  private final String table;
  private final ServerIdentity server;

  PinnedSessions(FencedSessions sessions, String table, ServerIdentity server) {
    this.sessions = sessions;
    this.table = table;
    this.server = server;
  }

  /**
   * @throws Refusal HAL-407 on another server
   */
  @Override
  public Session open(String purpose) {
    var opened = sessions.open(purpose);
    try {
      require(opened, table, server);
      return opened;
    } catch (RuntimeException | Error failure) {
      sessions.close(opened);
      throw failure;
    }
  }

  /**
   * @throws Refusal HAL-407 if the session is on another server
   */
  static void require(Session session, String table, ServerIdentity server) {
    var here = ServerIdentity.of(session);
    if (!server.same(here)) {
      throw ErrorCode.OTHER_SERVER.refuse(
          "The rebuild of %s is pinned to %s, and this is %s: how far it is stands in the other one's log."
              .formatted(table, server.text(), here.text()),
          "Go on there while it is the one that takes writes; else give the rebuild up where writes"
              + " go now: halcyon alter --abort "
              + table);
    }
  }

  @Override
  public void close(Session opened) {
    sessions.close(opened);
  }

  @Override
  public void fence(Session inTransaction) {
    sessions.fence(inTransaction);
  }
}
