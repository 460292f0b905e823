package dev.halcyon.proxy.wire;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * What is left out of a buffer of packets, so that a client without session tracking understands
 * them: of each OK the changes of the session's state. Nothing is copied. For one thread.
 */
public final class OkCut {
  private static final int STATUS_CHANGED = 0x40;

  /** Beginnings and ends in turn, in order. */
  private int[] cuts = new int[8];

  private int length;

  /**
   * Marks what is to be left out of an OK, and changes what it tells of itself.
   *
   * @param index of the whole payload, whose header the caller corrects
   * @return by how much it will be shorter
   */
  public int untell(ByteBuf buffer, int index, int payload) {
    int end = index + payload;
    int at = afterNumber(buffer, afterNumber(buffer, index + 1));
    buffer.setByte(at + 1, buffer.getByte(at + 1) & ~STATUS_CHANGED);
    int words = at + 4;
    if (words >= end) {
      return 0;
    }
    var reader = new PayloadReader(buffer, words, end - words);
    long wordsLength = reader.lengthEncoded();
    int text = end - reader.remaining();
    int rest = (int) Math.min(end, text + wordsLength);
    int stays = rest == text ? words : rest; // without words there is no length before them
    mark(stays, end);
    return end - stays;
  }

  /** The same for an end of rows of the older protocol, which only says that it could tell more. */
  public static void untellEnd(ByteBuf buffer, int index) {
    int status = index + 1 + 2; // behind the warnings
    buffer.setByte(status + 1, buffer.getByte(status + 1) & ~STATUS_CHANGED);
  }

  private static int afterNumber(ByteBuf buffer, int index) {
    return index
        + switch (buffer.getUnsignedByte(index)) {
          case 0xfc -> 3;
          case 0xfd -> 4;
          case 0xfe -> 9;
          default -> 1;
        };
  }

  private void mark(int from, int to) {
    if (from == to) {
      return;
    }
    if (length == cuts.length) {
      cuts = Arrays.copyOf(cuts, 2 * length);
    }
    cuts[length++] = from;
    cuts[length++] = to;
  }

  public boolean isEmpty() {
    return length == 0;
  }

  /**
   * Gives the pieces of the buffer that stay, from one index to another, and forgets the marks.
   *
   * @param to slices, which share the buffer and do not retain it
   */
  public void keep(ByteBuf buffer, int from, int end, Consumer<ByteBuf> to) {
    int at = from;
    for (int i = 0; i < length; i += 2) {
      if (cuts[i] > at) {
        to.accept(buffer.slice(at, cuts[i] - at));
      }
      at = cuts[i + 1];
    }
    length = 0;
    if (end > at) {
      to.accept(buffer.slice(at, end - at));
    }
  }

  /** Forgets the marks. */
  public void clear() {
    length = 0;
  }
}
