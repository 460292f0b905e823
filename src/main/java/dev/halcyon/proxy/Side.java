package dev.halcyon.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One side of an open session. The other is flushed once after each read, not after each packet.
 */
final class Side extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(Side.class);

  private final Consumer<ByteBuf> arrived;
  private final Runnable flush;
  private final Runnable writability;
  private final Runnable close;

  Side(Consumer<ByteBuf> arrived, Runnable flush, Runnable writability, Runnable close) {
    this.arrived = arrived;
    this.flush = flush;
    this.writability = writability;
    this.close = close;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    arrived.accept((ByteBuf) message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    flush.run();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    writability.run();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    close.run();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    log.debug("A session ends: {}", cause.toString());
    close.run();
  }
}
