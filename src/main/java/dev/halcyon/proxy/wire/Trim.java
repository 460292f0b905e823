package dev.halcyon.proxy.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Passes on what is read in buffers no larger than it. A read's own buffer is large, and strangers
 * who send a byte now and then would keep one each.
 */
public final class Trim extends ChannelInboundHandlerAdapter {
  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    var read = (ByteBuf) message;
    int length = read.readableBytes();
    var trimmed = context.alloc().buffer(length, Math.max(1, length)).writeBytes(read);
    read.release();
    context.fireChannelRead(trimmed);
  }
}
