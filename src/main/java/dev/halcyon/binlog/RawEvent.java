package dev.halcyon.binlog;

import java.util.zip.CRC32;

/** One event as the server sends it, the checksum cut off. Nobody writes to its bytes. */
final class RawEvent {
  static final int HEADER = 19;
  private static final int CHECKSUM = 4;
  private static final int IGNORABLE = 0x80;

  private final int type;
  private final int flags;
  private final long serverId;
  private final long nextOffset;
  private final byte[] bytes;
  private final int end;

  private RawEvent(int type, int flags, long serverId, long nextOffset, byte[] bytes, int end) {
    this.type = type;
    this.flags = flags;
    this.serverId = serverId;
    this.nextOffset = nextOffset;
    this.bytes = bytes;
    this.end = end;
  }

  /** The type's number, of those in {@link EventCode}. */
  int type() {
    return type;
  }

  long serverId() {
    return serverId;
  }

  /** The lower 32 bits of the place behind it; 0 for an event that is not in the file. */
  long nextOffset() {
    return nextOffset;
  }

  /**
   * Takes the header off.
   *
   * @param checksum whether the last four bytes are a CRC32 of the others
   * @throws UnreadableEvent when they are not
   */
  static RawEvent of(byte[] bytes, boolean checksum) {
    var header = new EventBuffer(bytes);
    header.step(4);
    var type = header.unsigned8();
    var serverId = header.unsigned32();
    header.step(4);
    var next = header.unsigned32();
    var flags = header.unsigned16();
    var end = bytes.length;
    if (checksum) {
      end -= CHECKSUM;
      if (end < HEADER) {
        throw new UnreadableEvent("an event of " + bytes.length + " bytes");
      }
      verify(bytes, type);
    }
    return new RawEvent(type, flags, serverId, next, bytes, end);
  }

  /** Whether the last four bytes are the CRC32 of the others. */
  static boolean checked(byte[] bytes) {
    var end = bytes.length - CHECKSUM;
    var sum = new CRC32();
    sum.update(bytes, 0, end);
    return sum.getValue() == new EventBuffer(bytes, end, bytes.length).unsigned32();
  }

  EventBuffer body() {
    return new EventBuffer(bytes, HEADER, end);
  }

  /** Whether the server says that nobody needs to understand it. */
  boolean ignorable() {
    return (flags & IGNORABLE) != 0;
  }

  private static void verify(byte[] bytes, int type) {
    if (!checked(bytes)) {
      throw new UnreadableEvent("the checksum of an event of type " + type + " is wrong");
    }
  }
}
