package dev.halcyon.proxy.wire;

/** What arrived is not the protocol. The session in question ends, no other. */
public final class MalformedPacketException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Carries no bytes of the packet: they may be secret. */
  public MalformedPacketException(String message) {
    super(message);
  }
}
