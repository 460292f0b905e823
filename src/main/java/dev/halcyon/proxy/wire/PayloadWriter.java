package dev.halcyon.proxy.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Writes one packet's payload. For one thread. */
public final class PayloadWriter {
  private final ByteBuf buffer;

  private PayloadWriter(ByteBuf buffer) {
    this.buffer = buffer;
  }

  /** A whole packet of less than 16 MiB, header included; the caller releases it. */
  public static ByteBuf packet(
      ByteBufAllocator allocator, int sequence, Consumer<PayloadWriter> payload) {
    ByteBuf buffer = allocator.buffer();
    buffer.writeZero(PacketScanner.HEADER);
    payload.accept(new PayloadWriter(buffer));
    int length = buffer.readableBytes() - PacketScanner.HEADER;
    if (length >= PacketScanner.LARGEST) {
      buffer.release();
      throw new IllegalArgumentException("A packet of " + length + " bytes");
    }
    buffer.setMediumLE(buffer.readerIndex(), length);
    buffer.setByte(buffer.readerIndex() + 3, sequence);
    return buffer;
  }

  public PayloadWriter int1(int value) {
    buffer.writeByte(value);
    return this;
  }

  public PayloadWriter int2(int value) {
    buffer.writeShortLE(value);
    return this;
  }

  public PayloadWriter int4(long value) {
    buffer.writeIntLE((int) value);
    return this;
  }

  /**
   * @throws IllegalArgumentException for a negative number
   */
  public PayloadWriter lengthEncoded(long value) {
    if (value < 0) {
      throw new IllegalArgumentException("Negative: " + value);
    }
    if (value < 0xfb) {
      return int1((int) value);
    }
    if (value <= 0xffff) {
      return int1(0xfc).int2((int) value);
    }
    if (value <= 0xffffff) {
      buffer.writeByte(0xfd).writeMediumLE((int) value);
    } else {
      buffer.writeByte(0xfe).writeLongLE(value);
    }
    return this;
  }

  public PayloadWriter bytes(Bytes bytes) {
    buffer.writeBytes(bytes.toArray());
    return this;
  }

  public PayloadWriter lengthEncodedBytes(Bytes bytes) {
    return lengthEncoded(bytes.length()).bytes(bytes);
  }

  /** The bytes and a zero. */
  public PayloadWriter zeroEnded(Bytes bytes) {
    return bytes(bytes).int1(0);
  }

  /** The text as UTF-8 and a zero. */
  public PayloadWriter zeroEnded(String text) {
    return utf8(text).int1(0);
  }

  /** The text as UTF-8, up to the packet's end. */
  public PayloadWriter utf8(String text) {
    buffer.writeCharSequence(text, StandardCharsets.UTF_8);
    return this;
  }

  public PayloadWriter zeros(int number) {
    buffer.writeZero(number);
    return this;
  }
}
