package dev.halcyon.proxy.wire;

import io.netty.buffer.ByteBuf;

/**
 * Is told of the packets of one direction, in this order for each: {@link #begin}, {@link #head} if
 * bytes are wanted, {@link #body} for each piece of the payload as it arrives, {@link #end}. A
 * payload of 16 MiB and more is one packet here, however many it has on the wire.
 */
public interface PacketSink {
  /** An answer of {@link #begin}: the scan stops before this packet's header. */
  int STOP = -1;

  /**
   * How many of the payload's first bytes must be in one buffer with their header before {@link
   * #begin} is asked; at most the whole first wire packet. May be asked several times.
   *
   * @param first the payload's first byte
   */
  default int atOnce(int length, int first) {
    return 1;
  }

  /**
   * May change the payload's bytes, as far as they must be there at once.
   *
   * @param index of the payload in the buffer
   * @param length of the first packet on the wire: 0 to 2^24 - 1; the latter means that more follow
   * @param first the payload's first byte; -1 if it is empty
   * @return how many of the payload's first bytes {@link #head} shall be given at once, at most the
   *     whole first wire packet; or {@link #STOP}
   */
  int begin(ByteBuf buffer, int index, int length, int sequence, int first);

  /** The first bytes, as many as wanted. */
  void head(ByteBuf buffer, int index, int length);

  /** Bytes of the payload, the first ones included. */
  default void body(ByteBuf buffer, int index, int length) {}

  /** The packet's last byte has been scanned. */
  void end();
}
