package dev.halcyon.proxy.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Follows the packets in one direction of a connection while their bytes pass by: nothing is copied
 * but the first bytes of a packet that two buffers share. Header: 3 bytes length, little endian, 1
 * byte sequence number. For one thread.
 */
public final class PacketScanner {
  public static final int HEADER = 4;

  /** A wire packet of this length is continued by the next. */
  public static final int LARGEST = 0xffffff;

  private final PacketSink sink;

  private final ByteBuf gathered = Unpooled.buffer(0);

  /** How long the head is that the sink waits for; 0 once it is told. */
  private int wanted;

  /** Of the present wire packet. */
  private int remaining;

  private boolean within;
  private boolean continues;
  private int sequence;

  public PacketScanner(PacketSink sink) {
    this.sink = sink;
  }

  /**
   * Scans the buffer's readable bytes without moving its indexes.
   *
   * @return where the scan stopped: the buffer's end; or the beginning of a packet whose header and
   *     first byte are not yet there, or before which the sink has stopped. The bytes from there on
   *     must be given again.
   */
  public int scan(ByteBuf buffer) {
    int at = buffer.readerIndex();
    int end = buffer.writerIndex();
    while (at < end) {
      if (!within) {
        if (!isReady(buffer, at, end) || !begin(buffer, at)) {
          return at;
        }
        at += HEADER;
      }
      int length = Math.min(remaining, end - at);
      if (length > 0) {
        payload(buffer, at, length);
        at += length;
      }
      if (remaining == 0) {
        finish();
      }
    }
    return at;
  }

  /** Whether the packet may pass. Its header is whole, and there is what the sink needs. */
  private boolean begin(ByteBuf buffer, int at) {
    int length = buffer.getUnsignedMediumLE(at);
    int number = buffer.getUnsignedByte(at + 3);
    if (continues) {
      if (number != (sequence + 1 & 0xff)) {
        throw new MalformedPacketException(
            "Packet number " + number + " continues number " + sequence);
      }
    } else {
      int first = length == 0 ? -1 : buffer.getUnsignedByte(at + HEADER);
      int answer = sink.begin(buffer, at + HEADER, length, number, first);
      if (answer == PacketSink.STOP) {
        return false;
      }
      wanted = Math.min(answer, length);
    }
    sequence = number;
    remaining = length;
    continues = length == LARGEST;
    within = true;
    return true;
  }

  private boolean isReady(ByteBuf buffer, int at, int end) {
    int available = end - at - HEADER;
    if (available <= 0) {
      return available == 0 && buffer.getUnsignedMediumLE(at) == 0;
    }
    if (continues) {
      return true;
    }
    int length = buffer.getUnsignedMediumLE(at);
    int needed = length == 0 ? 0 : sink.atOnce(length, buffer.getUnsignedByte(at + HEADER));
    return available >= Math.min(needed, length);
  }

  private void payload(ByteBuf buffer, int at, int length) {
    if (wanted > 0) {
      head(buffer, at, length);
    }
    sink.body(buffer, at, length);
    remaining -= length;
  }

  private void head(ByteBuf buffer, int at, int length) {
    int whole = wanted;
    int missing = whole - gathered.readableBytes();
    if (length < missing) {
      gathered.writeBytes(buffer, at, length);
    } else if (gathered.isReadable()) {
      gathered.writeBytes(buffer, at, missing);
      wanted = 0;
      sink.head(gathered, 0, whole);
      forget();
    } else {
      wanted = 0;
      sink.head(buffer, at, whole);
    }
  }

  /** A long head must not stay in memory for as long as the session lives. */
  private void forget() {
    gathered.clear();
    gathered.capacity(0);
  }

  private void finish() {
    within = false;
    if (!continues) {
      sink.end();
    }
  }
}
