package dev.halcyon.proxy.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import java.util.List;
import java.util.function.Consumer;

/**
 * Whole packets in both directions while a session logs in, when they are few and small. Passes on
 * payloads. Whoever is not known yet gets 64 KiB of memory and no more.
 */
public final class LoginFrames extends ByteToMessageDecoder {
  static final int LONGEST = 65_536;

  private int sequence;

  /** Sends a packet with the next sequence number. */
  public void send(Channel channel, Consumer<PayloadWriter> payload) {
    Outbound.send(channel, PayloadWriter.packet(channel.alloc(), sequence++ & 0xff, payload));
  }

  /**
   * From now on both directions go through the handler; so does what has come already behind the
   * packet in hand.
   */
  public void secure(Channel channel, SslHandler tls) {
    ByteBuf early = internalBuffer();
    ByteBuf rest = early.readBytes(early.readableBytes());
    var pipeline = channel.pipeline();
    pipeline.addBefore(pipeline.context(this).name(), null, tls);
    pipeline.fireChannelRead(rest);
  }

  /** Whether the channel's bytes are encrypted. */
  public static boolean isSecure(Channel channel) {
    return channel.pipeline().get(SslHandler.class) != null;
  }

  /** A command begins at number 0 again. */
  public void restart() {
    sequence = 0;
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (in.readableBytes() < PacketScanner.HEADER) {
      return;
    }
    int length = in.getUnsignedMediumLE(in.readerIndex());
    int number = in.getUnsignedByte(in.readerIndex() + 3);
    if (length > LONGEST) {
      throw refuse(in, "A packet of " + length + " bytes in a login");
    }
    if (number != (sequence & 0xff)) {
      throw refuse(in, "Packet number " + number + " in place of " + sequence);
    }
    if (in.readableBytes() >= PacketScanner.HEADER + length) {
      sequence++;
      in.skipBytes(PacketScanner.HEADER);
      out.add(in.readRetainedSlice(length));
    }
  }

  /** What follows a malformed packet has no meaning. */
  private static MalformedPacketException refuse(ByteBuf in, String why) {
    in.skipBytes(in.readableBytes());
    return new MalformedPacketException(why);
  }
}
