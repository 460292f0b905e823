package dev.halcyon.proxy.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halcyon.proxy.tls.ProxyKey;
import dev.halcyon.proxy.tls.TlsEnds;
import dev.halcyon.proxy.tls.TlsSettings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

/** Before the login a stranger gets little memory and no second chance. */
class LoginFramesTest {

  @Test
  void packetsAreNumberedInTurn() {
    var frames = new LoginFrames();
    var channel = new EmbeddedChannel(frames);
    frames.send(channel, writer -> writer.int1(42));
    ByteBuf sent = channel.readOutbound();
    assertThat(sent.getByte(3)).isZero();
    sent.release();

    channel.writeInbound(header(2, 1).writeByte(7));
    ByteBuf none = channel.readInbound();
    assertThat(none).isNull();
    channel.writeInbound(Unpooled.buffer().writeByte(8));

    ByteBuf payload = channel.readInbound();
    assertThat(payload.readUnsignedShort()).isEqualTo(0x0708);
    payload.release();
    assertThat(channel.finish()).isFalse();
  }

  @Test
  void longPacketIsRefusedAtItsHeader() {
    var channel = new EmbeddedChannel(new LoginFrames());

    assertThatThrownBy(() -> channel.writeInbound(header(LoginFrames.LONGEST + 1, 0)))
        .isInstanceOf(DecoderException.class)
        .hasCauseInstanceOf(MalformedPacketException.class);
    channel.finishAndReleaseAll();
  }

  @Test
  void wrongNumberIsRefused() {
    var channel = new EmbeddedChannel(new LoginFrames());

    assertThatThrownBy(() -> channel.writeInbound(header(1, 1).writeByte(0)))
        .hasCauseInstanceOf(MalformedPacketException.class);
    channel.finishAndReleaseAll();
  }

  /** What came in one piece with the request for TLS is never taken for a packet of the login. */
  @Test
  void plainBytesBehindTlsRequestAreNoPacket() {
    var frames = new LoginFrames();
    var channel = new EmbeddedChannel(frames);
    var tls =
        TlsEnds.of(
                new TlsSettings(new TlsSettings.Identity.SelfMade(), new TlsSettings.Trust.Plain()),
                ProxyKey::generate,
                Runnable::run)
            .towardsClient(channel.alloc())
            .orElseThrow();
    channel
        .pipeline()
        .addLast(
            new SimpleChannelInboundHandler<ByteBuf>() {
              @Override
              protected void channelRead0(ChannelHandlerContext context, ByteBuf request) {
                assertThat(request.readByte()).isEqualTo((byte) 1);
                frames.secure(channel, tls);
              }
            });

    var both = header(1, 0).writeByte(1).writeMediumLE(1).writeByte(1).writeByte(9).writeZero(9);
    assertThatThrownBy(() -> channel.writeInbound(both)).hasRootCauseInstanceOf(SSLException.class);
    ByteBuf none = channel.readInbound();
    assertThat(none).isNull();
    channel.finishAndReleaseAll();
  }

  private static ByteBuf header(int length, int sequence) {
    return Unpooled.buffer().writeMediumLE(length).writeByte(sequence);
  }
}
