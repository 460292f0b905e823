package dev.halcyon.proxy.wire;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The server has done it; or, with the first byte 0xfe, the rows end here.
 *
 * @param status bits as in {@link ServerStatus}
 */
public record OkPacket(
    long affectedRows, long lastInsertId, int status, int warnings, List<SessionChange> changes) {
  public static final int FIRST_BYTE = 0;

  public OkPacket {
    changes = List.copyOf(changes);
  }

  /** The capabilities tell whether session changes can follow. */
  public static OkPacket decode(PayloadReader reader, Capabilities capabilities) {
    reader.skip(1);
    long affectedRows = reader.lengthEncoded();
    long lastInsertId = reader.lengthEncoded();
    int status = reader.int2();
    int warnings = reader.int2();
    var changes = List.<SessionChange>of();
    if (capabilities.has(Capabilities.SESSION_TRACK) && reader.remaining() > 0) {
      reader.lengthEncodedBytes(); // words for people
      if (ServerStatus.STATE_CHANGED.in(status)) {
        changes = changes(reader);
      }
    }
    return new OkPacket(affectedRows, lastInsertId, status, warnings, changes);
  }

  /** The same packet with other words for people, which are ASCII. */
  public static Bytes saying(Bytes packet, String words) {
    byte[] whole = packet.toArray();
    var buffer = Unpooled.wrappedBuffer(whole);
    var reader = new PayloadReader(buffer, 0, whole.length);
    reader.skip(1);
    reader.lengthEncoded();
    reader.lengthEncoded();
    reader.skip(2 + 2); // status, warnings
    int before = whole.length - reader.remaining();
    if (reader.remaining() > 0) {
      reader.lengthEncodedBytes();
    }
    var said = Unpooled.buffer().writeBytes(whole, 0, before);
    said.writeByte(words.length()).writeCharSequence(words, StandardCharsets.US_ASCII);
    said.writeBytes(whole, whole.length - reader.remaining(), reader.remaining());
    return Bytes.of(ByteBufUtil.getBytes(said));
  }

  /**
   * The same without what only clients with session tracking understand.
   *
   * @param payload as a server with session tracking sends it
   */
  public static Bytes untold(Bytes payload, Capabilities capabilities) {
    if (!capabilities.has(Capabilities.SESSION_TRACK)) {
      return payload;
    }
    var buffer = Unpooled.wrappedBuffer(payload.toArray());
    var cut = new OkCut();
    cut.untell(buffer, 0, buffer.readableBytes());
    var rest = Unpooled.buffer(buffer.readableBytes());
    cut.keep(buffer, 0, buffer.readableBytes(), piece -> rest.writeBytes(piece));
    var bytes = new byte[rest.readableBytes()];
    rest.readBytes(bytes);
    return Bytes.of(bytes);
  }

  private static List<SessionChange> changes(PayloadReader reader) {
    var changes = new ArrayList<SessionChange>();
    var all = reader.lengthEncodedPart();
    while (all.remaining() > 0) {
      int type = all.int1();
      var one = all.lengthEncodedPart();
      switch (type) {
        case 0 -> {
          while (one.remaining() > 0) {
            changes.add(
                new SessionChange.Variable(one.lengthEncodedText(), one.lengthEncodedText()));
          }
        }
        case 1 -> changes.add(new SessionChange.Schema(one.lengthEncodedText()));
        case 2 -> changes.add(new SessionChange.State(one.restAsText().equals("1")));
        case 4 -> changes.add(new SessionChange.Characteristics(one.lengthEncodedText()));
        case 5 -> changes.add(new SessionChange.Transaction(one.lengthEncodedText()));
        default -> changes.add(new SessionChange.Other(type));
      }
    }
    return changes;
  }
}
