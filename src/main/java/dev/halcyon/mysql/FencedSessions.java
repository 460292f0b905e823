package dev.halcyon.mysql;

/** Sessions of somebody who may change something for as long as nobody else has taken over. */
public interface FencedSessions extends Sessions {
  /**
   * Makes the transaction that the session is in depend on that right: while it lasts nobody can
   * take over. Call it last before the commit.
   *
   * @throws dev.halcyon.model.Failure HAL-602 when somebody has taken over
   */
  void fence(Session inTransaction);
}
