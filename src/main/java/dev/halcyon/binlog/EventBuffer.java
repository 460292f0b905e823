package dev.halcyon.binlog;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads an event's bytes from the front; numbers have their lowest byte first. For one thread. */
final class EventBuffer {
  private final byte[] bytes;
  private final int end;
  private int at;

  EventBuffer(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  EventBuffer(byte[] bytes, int from, int end) {
    this.bytes = bytes;
    this.at = from;
    this.end = end;
  }

  byte[] array() {
    return bytes;
  }

  int at() {
    return at;
  }

  int left() {
    return end - at;
  }

  int unsigned8() {
    return bytes[step(1)] & 0xff;
  }

  int unsigned16() {
    return (int) number(2);
  }

  long unsigned32() {
    return number(4);
  }

  /** A number of up to 8 bytes; of 8 bytes the highest bit is the sign. */
  long number(int length) {
    var from = step(length);
    long value = 0;
    for (var i = length - 1; i >= 0; i--) {
      value = (value << 8) | (bytes[from + i] & 0xff);
    }
    return value;
  }

  /** A number whose first byte tells its length, as in the client protocol. */
  long packed() {
    var first = unsigned8();
    return switch (first) {
      case 0xfc -> number(2);
      case 0xfd -> number(3);
      case 0xfe -> number(8);
      case 0xfb, 0xff -> throw new UnreadableEvent("a length begins with " + first);
      default -> first;
    };
  }

  String text(int length) {
    return new String(bytes, step(length), length, StandardCharsets.UTF_8);
  }

  byte[] take(int length) {
    var from = step(length);
    return Arrays.copyOfRange(bytes, from, from + length);
  }

  /** Goes on behind the next bytes and gives the place where they begin. */
  int step(int length) {
    if (length < 0 || length > left()) {
      throw new UnreadableEvent("it ends %d bytes early".formatted(length - left()));
    }
    var from = at;
    at += length;
    return from;
  }
}
