package dev.halcyon.proxy.move;

import dev.halcyon.proxy.wire.Bytes;
import dev.halcyon.proxy.wire.Capabilities;
import dev.halcyon.proxy.wire.ErrPacket;
import dev.halcyon.proxy.wire.MalformedPacketException;
import dev.halcyon.proxy.wire.OkPacket;
import dev.halcyon.proxy.wire.Outbound;
import dev.halcyon.proxy.wire.PacketScanner;
import dev.halcyon.proxy.wire.PayloadReader;
import dev.halcyon.proxy.wire.PayloadWriter;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Sends orders to a server in one go and gathers the answers, while nobody else uses the channel.
 * On the channel's event loop only.
 */
public final class Exchange extends ByteToMessageDecoder {
  private static final int CLASSIC_END = 9;
  private static final int END = 0xfe;

  private final Capabilities capabilities;
  private final List<Order> orders;
  private final End end;
  private final List<Answer> answers = new ArrayList<>();

  private Phase phase = Phase.START;
  private int definitions;
  private final List<Answer.Column> columns = new ArrayList<>();
  private final List<List<@Nullable Bytes>> rows = new ArrayList<>();
  private final CRC32C checksum = new CRC32C();
  private Answer.@Nullable Prepared prepared;
  private boolean over;

  private enum Phase {
    START,
    COLUMNS,
    ROWS,
    DEFINITIONS
  }

  /** Is told once how it ends. */
  public interface End {
    /**
     * @param answers one for each order
     */
    void answered(List<Answer> answers);

    /**
     * @param reason for people
     */
    void broken(String reason);
  }

  private Exchange(Capabilities capabilities, List<Order> orders, End end) {
    this.capabilities = capabilities;
    this.orders = List.copyOf(orders);
    this.end = end;
  }

  /**
   * Keeps what the server says from the last handler of the channel, until all is answered.
   *
   * @param capabilities that the channel's session has agreed on
   */
  public static void run(Channel channel, Capabilities capabilities, List<Order> orders, End end) {
    if (orders.isEmpty()) {
      end.answered(List.of());
      return;
    }
    if (!channel.isActive()) {
      end.broken("the connection to the server has ended");
      return;
    }
    var last = channel.pipeline().lastContext().name();
    channel.pipeline().addBefore(last, null, new Exchange(capabilities, orders, end));
    for (var order : orders) {
      Outbound.write(
          channel,
          PayloadWriter.packet(channel.alloc(), 0, writer -> order.encode(writer, capabilities)));
    }
    channel.flush();
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (in.readableBytes() < PacketScanner.HEADER) {
      return;
    }
    int length = in.getUnsignedMediumLE(in.readerIndex());
    if (length == PacketScanner.LARGEST) {
      throw new MalformedPacketException("A value of 16 MiB or more");
    }
    if (in.readableBytes() < PacketScanner.HEADER + length) {
      return;
    }
    int payload = in.readerIndex() + PacketScanner.HEADER;
    in.skipBytes(PacketScanner.HEADER + length);
    if (length == 0) {
      throw new MalformedPacketException("An empty answer");
    }
    packet(context, in, payload, length);
  }

  private void packet(ChannelHandlerContext context, ByteBuf in, int index, int length) {
    int first = in.getUnsignedByte(index);
    var reader = new PayloadReader(in, index, length);
    if (first == ErrPacket.FIRST_BYTE) {
      answered(context, new Answer.Refused(ErrPacket.decode(reader)));
      return;
    }
    switch (phase) {
      case START -> start(context, first, reader, length);
      case COLUMNS -> {
        if (first != END || length >= CLASSIC_END) {
          columns.add(column(reader));
        }
        if (--definitions == 0) {
          phase = Phase.ROWS;
        }
      }
      case ROWS -> {
        if (first == END && isEnd(length)) {
          answered(context, new Answer.Rows(columns, rows, last(reader)));
        } else {
          rows.add(row(reader));
        }
      }
      case DEFINITIONS -> {
        if (first != END || length >= CLASSIC_END) {
          checksum.update(in.nioBuffer(index, length));
        }
        if (--definitions == 0) {
          prepared(context);
        }
      }
    }
  }

  private void start(ChannelHandlerContext context, int first, PayloadReader reader, int length) {
    if (first == OkPacket.FIRST_BYTE && orders.get(answers.size()) instanceof Order.Prepare) {
      reader.skip(1);
      int statement = (int) reader.int4();
      int columnCount = reader.int2();
      int parameters = reader.int2();
      prepared = new Answer.Prepared(statement, columnCount, parameters, 0);
      definitions = columnCount + parameters;
      definitions += classicEnds((columnCount > 0 ? 1 : 0) + (parameters > 0 ? 1 : 0));
      phase = Phase.DEFINITIONS;
      if (definitions == 0) {
        prepared(context);
      }
    } else if (first == OkPacket.FIRST_BYTE || (first == END && isEnd(length))) {
      answered(context, new Answer.Done(last(reader)));
    } else {
      int number = (int) reader.lengthEncoded();
      boolean described = reader.remaining() == 0 || reader.int1() != 0;
      definitions = (described ? number : 0) + classicEnds(1);
      phase = definitions > 0 ? Phase.COLUMNS : Phase.ROWS;
    }
  }

  private int classicEnds(int number) {
    return capabilities.has(Capabilities.DEPRECATE_EOF) ? 0 : number;
  }

  private boolean isEnd(int length) {
    return capabilities.has(Capabilities.DEPRECATE_EOF) || length < CLASSIC_END;
  }

  private OkPacket last(PayloadReader reader) {
    if (reader.remaining() >= 7) {
      return OkPacket.decode(reader, capabilities);
    }
    reader.skip(1);
    int warnings = reader.int2();
    return new OkPacket(0, 0, reader.int2(), warnings, List.of());
  }

  private Answer.Column column(PayloadReader reader) {
    for (int i = 0; i < 6; i++) {
      reader.lengthEncodedBytes(); // names
    }
    if (capabilities.has(Capabilities.EXTENDED_METADATA)) {
      reader.lengthEncodedBytes();
    }
    reader.skip(1 + 2 + 4); // length of what follows, character set, length of values
    int type = reader.int1();
    int flags = reader.int2();
    return new Answer.Column(type, (flags & 0x20) != 0, reader.int1());
  }

  private static List<@Nullable Bytes> row(PayloadReader reader) {
    var values = new ArrayList<@Nullable Bytes>();
    while (reader.remaining() > 0) {
      values.add(reader.value());
    }
    return Collections.unmodifiableList(values);
  }

  private void prepared(ChannelHandlerContext context) {
    var present = prepared;
    if (present == null) {
      throw new IllegalStateException("Nothing is being prepared");
    }
    answered(
        context,
        new Answer.Prepared(
            present.statement(), present.columns(), present.parameters(), checksum.getValue()));
  }

  private void answered(ChannelHandlerContext context, Answer answer) {
    answers.add(answer);
    phase = Phase.START;
    columns.clear();
    rows.clear();
    checksum.reset();
    prepared = null;
    if (answers.size() == orders.size()) {
      over = true;
      context.pipeline().remove(this);
      end.answered(answers);
    }
  }

  private void fail(String reason) {
    if (!over) {
      over = true;
      end.broken(reason);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    fail("the connection to the server has ended");
    super.channelInactive(context);
  }

  /** What comes after an answer that is not understood has no meaning. */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (over) {
      context.fireExceptionCaught(cause);
      return;
    }
    Outbound.close(context.channel());
    fail("the server's answer is not understood: " + cause.getMessage());
  }
}
