package dev.halcyon.proxy;

import dev.halcyon.proxy.wire.ErrPacket;

/** What the proxy itself has to say to clients. */
final class Notice {
  /** To a command that was not sent, or a client that was not let in. */
  static final ErrPacket HELD_TOO_LONG =
      new ErrPacket(
          1053,
          "08S01",
          "The proxy holds its clients and does not know which server may be written to; nothing"
              + " was sent");

  private Notice() {}
}
