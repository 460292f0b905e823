package dev.halcyon.proxy.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads one packet's payload from its beginning. Whatever reaches beyond its end is a {@link
 * MalformedPacketException}. Takes no reference to the buffer. For one thread.
 */
public final class PayloadReader {
  private final ByteBuf buffer;
  private final int end;
  private int at;

  /** The payload is {@code length} bytes of the buffer from {@code index}. */
  public PayloadReader(ByteBuf buffer, int index, int length) {
    this.buffer = buffer;
    this.at = index;
    this.end = index + length;
  }

  /** Another reader of what is left. */
  public PayloadReader again() {
    return new PayloadReader(buffer, at, end - at);
  }

  public int remaining() {
    return end - at;
  }

  public int int1() {
    return buffer.getUnsignedByte(take(1));
  }

  public int int2() {
    return buffer.getUnsignedShortLE(take(2));
  }

  public long int4() {
    return buffer.getUnsignedIntLE(take(4));
  }

  /** A number of 1 to 9 bytes; as a signed one, so that 2^63 and more are refused. */
  public long lengthEncoded() {
    int first = int1();
    long value =
        switch (first) {
          case 0xfb, 0xff -> throw new MalformedPacketException("Not a number: " + first);
          case 0xfc -> int2();
          case 0xfd -> buffer.getUnsignedMediumLE(take(3));
          case 0xfe -> buffer.getLongLE(take(8));
          default -> first;
        };
    if (value < 0) {
      throw new MalformedPacketException("A number above 2^63");
    }
    return value;
  }

  public Bytes bytes(long length) {
    if (length > remaining()) {
      throw new MalformedPacketException(
          "The packet ends " + (length - remaining()) + " bytes too early");
    }
    var bytes = new byte[(int) length];
    buffer.getBytes(take((int) length), bytes);
    return Bytes.of(bytes);
  }

  public Bytes rest() {
    return bytes(remaining());
  }

  /** What is left, without reading it. */
  public Bytes peek() {
    var bytes = new byte[remaining()];
    buffer.getBytes(at, bytes);
    return Bytes.of(bytes);
  }

  public Bytes lengthEncodedBytes() {
    return bytes(lengthEncoded());
  }

  /** A value of a text row: {@link #lengthEncodedBytes}, or null for NULL. */
  public @Nullable Bytes value() {
    if (buffer.getUnsignedByte(at) == 0xfb && remaining() > 0) {
      take(1);
      return null;
    }
    return lengthEncodedBytes();
  }

  /** A reader of as many of the next bytes as their length before them says. */
  PayloadReader lengthEncodedPart() {
    long length = lengthEncoded();
    if (length > remaining()) {
      throw new MalformedPacketException("The packet ends too early");
    }
    return new PayloadReader(buffer, take((int) length), (int) length);
  }

  /** Up to the next zero byte, which is passed over. */
  public Bytes untilZero() {
    int zero = buffer.indexOf(at, end, (byte) 0);
    if (zero < 0) {
      throw new MalformedPacketException("A text without its end");
    }
    var bytes = bytes(zero - at);
    take(1);
    return bytes;
  }

  /** {@link #untilZero} as UTF-8. */
  public String text() {
    return text(untilZero());
  }

  /** The rest as UTF-8. */
  public String restAsText() {
    return text(rest());
  }

  /** {@link #lengthEncodedBytes} as UTF-8. */
  public String lengthEncodedText() {
    return text(lengthEncodedBytes());
  }

  public void skip(int length) {
    take(length);
  }

  private static String text(Bytes bytes) {
    return new String(bytes.toArray(), StandardCharsets.UTF_8);
  }

  private int take(int length) {
    if (length > end - at) {
      throw new MalformedPacketException("The packet ends too early");
    }
    int from = at;
    at += length;
    return from;
  }
}
