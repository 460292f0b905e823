package dev.halcyon.proxy.wire;

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
