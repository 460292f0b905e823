package dev.halcyon.proxy;

import dev.halcyon.proxy.wire.PacketScanner;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.function.LongUnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The text of a KILL whose number is another one at the server. Drivers send it to end a statement,
 * with the number from their login.
 *
 * @param from where the number begins in the packet, header included
 * @param to where it ends
 */
record Kill(int from, int to, long id) {
  /** A longer command is none that a driver sends. */
  static final int LONGEST = 64;

  private static final Pattern TEXT =
      Pattern.compile(
          "\\s*KILL\\s+(?:(?:HARD|SOFT)\\s+)?(?:(?:CONNECTION|QUERY)\\s+)?(\\d{1,10})[\\s;]*",
          Pattern.CASE_INSENSITIVE);

  /**
   * @param index of the payload, which is there as a whole
   * @return null if it is none, or needs no change
   */
  static @Nullable Kill in(ByteBuf buffer, int index, int length, LongUnaryOperator serversId) {
    int attributes = length > 3 && buffer.getByte(index + 1) == 0 ? 2 : 0;
    int from = 1 + attributes;
    int at = from;
    while (at < length && buffer.getByte(index + at) <= ' ') {
      at++;
    }
    if (at == length || (buffer.getByte(index + at) | 0x20) != 'k') {
      return null;
    }
    var text = buffer.toString(index + from, length - from, StandardCharsets.ISO_8859_1);
    var matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    long id = Long.parseLong(matcher.group(1));
    long there = serversId.applyAsLong(id);
    int before = PacketScanner.HEADER + from;
    return there == id ? null : new Kill(before + matcher.start(1), before + matcher.end(1), there);
  }

  /** The buffer, which begins with the packet, with the other number; takes it over. */
  ByteBuf in(ByteBuf buffer) {
    int start = buffer.readerIndex();
    var number = Long.toString(id);
    int more = number.length() - (to - from);
    buffer.setMediumLE(start, buffer.getUnsignedMediumLE(start) + more);
    var whole = buffer.alloc().buffer(buffer.readableBytes() + more);
    whole.writeBytes(buffer, start, from);
    whole.writeCharSequence(number, StandardCharsets.US_ASCII);
    whole.writeBytes(buffer, start + to, buffer.readableBytes() - to);
    buffer.release();
    return whole;
  }
}
