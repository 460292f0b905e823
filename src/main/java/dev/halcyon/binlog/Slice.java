package dev.halcyon.binlog;

/** Bytes of an event that belong to one value. Nobody writes to the array. */
final class Slice {
  private final byte[] array;
  private final int from;
  private final int length;

  Slice(byte[] array, int from, int length) {
    this.array = array;
    this.from = from;
    this.length = length;
  }

  byte[] array() {
    return array;
  }

  int from() {
    return from;
  }

  int length() {
    return length;
  }

  int unsigned8(int index) {
    return array[from + index] & 0xff;
  }

  /** The first bytes as a number, the lowest first. */
  long little(int bytes) {
    return new EventBuffer(array, from, from + bytes).number(bytes);
  }

  /** Some bytes as an unsigned number, the highest first. */
  long big(int at, int bytes) {
    long value = 0;
    for (var i = 0; i < bytes; i++) {
      value = (value << 8) | unsigned8(at + i);
    }
    return value;
  }
}
