package dev.halcyon.proxy;

import dev.halcyon.proxy.wire.PacketScanner;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Bytes that arrive in pieces. Whatever fails, each piece has one owner. */
final class Pieces {
  private Pieces() {}

  /** See {@link PacketScanner#scan}; releases the buffer if that fails. */
  static int scan(PacketScanner scanner, ByteBuf buffer) {
    boolean scanned = false;
    try {
      int stop = scanner.scan(buffer);
      scanned = true;
      return stop;
    } finally {
      if (!scanned) {
        buffer.release();
      }
    }
  }

  /** A copy, because it may wait for long and the buffer is large. Takes the buffer over. */
  static @Nullable ByteBuf rest(ByteBuf buffer, int at) {
    try {
      int length = buffer.writerIndex() - at;
      return length == 0 ? null : buffer.alloc().buffer(length).writeBytes(buffer, at, length);
    } finally {
      buffer.release();
    }
  }

  /** Takes the second one over; the first one stays its owner's if this fails. */
  static ByteBuf joined(@Nullable ByteBuf first, ByteBuf second) {
    if (first == null) {
      return second;
    }
    try {
      return first.writeBytes(second);
    } finally {
      second.release();
    }
  }

  static void release(@Nullable ByteBuf buffer) {
    if (buffer != null) {
      buffer.release();
    }
  }
}
