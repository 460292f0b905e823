package dev.halcyon.proxy.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
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

  private static ByteBuf header(int length, int sequence) {
    return Unpooled.buffer().writeMediumLE(length).writeByte(sequence);
  }
}
