package dev.halcyon.proxy.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;

/** Sends bytes. A failure is told by the channel's pipeline, not by a future for each write. */
public final class Outbound {
  private Outbound() {}

  /** Queues the bytes, which it takes over, until the next flush. */
  public static void write(Channel channel, ByteBuf bytes) {
    var _ = channel.write(bytes, channel.voidPromise());
  }

  /** Sends the bytes, which it takes over, and what is queued. */
  public static void send(Channel channel, ByteBuf bytes) {
    var _ = channel.writeAndFlush(bytes, channel.voidPromise());
  }

  /** Closes the channel after what is queued. */
  public static void close(Channel channel) {
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }
}
