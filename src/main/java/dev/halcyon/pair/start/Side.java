package dev.halcyon.pair.start;

import dev.halcyon.mysql.Server;
import dev.halcyon.mysql.Session;
import dev.halcyon.pair.Member;

/**
 * One server while the pair is being made.
 *
 * @param session for all that is done there; it logs nothing
 */
record Side(Member member, Server server, Session session) {
  @Override
  public String toString() {
    return member.name();
  }
}
