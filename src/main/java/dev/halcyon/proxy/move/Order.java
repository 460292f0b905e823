package dev.halcyon.proxy.move;

import dev.halcyon.proxy.wire.Bytes;
import dev.halcyon.proxy.wire.Capabilities;
import dev.halcyon.proxy.wire.PayloadWriter;

/** A command of the proxy's own to a server. */
public sealed interface Order {

  void encode(PayloadWriter writer, Capabilities capabilities);

  /**
   * One statement, sent as UTF-8; in ASCII unless the session's character set is known to be it.
   */
  record Query(String sql) implements Order {
    private static final int CODE = 0x03;

    @Override
    public void encode(PayloadWriter writer, Capabilities capabilities) {
      writer.int1(CODE);
      if (capabilities.has(Capabilities.QUERY_ATTRIBUTES)) {
        writer.int1(0).int1(1); // no attributes, in one set
      }
      writer.utf8(sql);
    }
  }

  /**
   * @param text as the client has sent it, in the session's character set
   */
  record Prepare(Bytes text) implements Order {
    private static final int CODE = 0x16;

    @Override
    public void encode(PayloadWriter writer, Capabilities capabilities) {
      writer.int1(CODE).bytes(text);
    }
  }

  /** COM_SET_OPTION: whether one command may have several statements. */
  record SeveralStatements(boolean allowed) implements Order {
    private static final int CODE = 0x1b;

    @Override
    public void encode(PayloadWriter writer, Capabilities capabilities) {
      writer.int1(CODE).int2(allowed ? 0 : 1);
    }
  }
}
