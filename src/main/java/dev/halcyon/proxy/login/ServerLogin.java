package dev.halcyon.proxy.login;

import dev.halcyon.proxy.wire.AuthSwitch;
import dev.halcyon.proxy.wire.Bytes;
import dev.halcyon.proxy.wire.Capabilities;
import dev.halcyon.proxy.wire.ErrPacket;
import dev.halcyon.proxy.wire.Greeting;
import dev.halcyon.proxy.wire.LoginFrames;
import dev.halcyon.proxy.wire.LoginRequest;
import dev.halcyon.proxy.wire.MalformedPacketException;
import dev.halcyon.proxy.wire.OkPacket;
import dev.halcyon.proxy.wire.PayloadReader;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import org.jspecify.annotations.Nullable;

/**
 * Logs in to the server in a client's name, then asks it to tell of every change of the session's
 * state, if the client can take that. On the server channel's event loop only.
 */
public final class ServerLogin extends SimpleChannelInboundHandler<ByteBuf> {
  private static final int MORE_DATA = 1;
  private static final int FULL_PROOF_WANTED = 4;
  private static final int KEY_REQUEST = 2;

  private final LoginFrames frames;
  private final Visit visit;

  private Stage stage = Stage.GREETING;
  private @Nullable Attempt attempt;
  private Bytes opening = Bytes.NONE;
  private int status;

  /** Is told how far it is; at the end either entered or refused. */
  public interface Visit {
    void greeted(Greeting greeting);

    void entered(Entry entry);

    void refused(ErrPacket error);
  }

  /**
   * The session is open.
   *
   * @param payload the server's OK to the login, for the client
   * @param status of the session
   * @param tracked whether the server tells of every change of the session's state
   */
  public record Entry(Bytes payload, int status, LoginRequest request, boolean tracked) {
    public Capabilities capabilities() {
      return request.capabilities();
    }
  }

  private enum Stage {
    GREETING,
    WAITING,
    PROVING,
    TRACKING,
    OVER
  }

  private record Attempt(LoginRequest request, Secret secret, AuthPlugin plugin, Bytes nonce) {
    Capabilities capabilities() {
      return request.capabilities();
    }
  }

  public ServerLogin(LoginFrames frames, Visit visit) {
    super(ByteBuf.class);
    this.frames = frames;
    this.visit = visit;
  }

  /** Logs in with the request's schema, collation, attributes and capabilities. */
  public void enter(Channel channel, Greeting greeting, LoginRequest request, Secret secret) {
    var plugin = AuthPlugin.named(greeting.plugin()).orElse(AuthPlugin.NATIVE);
    var own = request.proving(plugin.wireName(), plugin.proof(secret, greeting.nonce()));
    attempt = new Attempt(own, secret, plugin, greeting.nonce());
    stage = Stage.PROVING;
    frames.send(channel, own::encode);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, ByteBuf payload) {
    if (!payload.isReadable()) {
      throw new MalformedPacketException("An empty packet in the login");
    }
    int first = payload.getUnsignedByte(payload.readerIndex());
    var reader = new PayloadReader(payload, payload.readerIndex(), payload.readableBytes());
    if (first == ErrPacket.FIRST_BYTE && stage != Stage.TRACKING) {
      stage = Stage.OVER;
      visit.refused(ErrPacket.decode(reader));
      return;
    }
    switch (stage) {
      case GREETING -> {
        stage = Stage.WAITING;
        visit.greeted(Greeting.decode(reader));
      }
      case PROVING -> proving(context, first, reader);
      case TRACKING -> finish(first == OkPacket.FIRST_BYTE);
      case WAITING, OVER ->
          throw new MalformedPacketException("A packet that nobody has asked for");
    }
  }

  private void proving(ChannelHandlerContext context, int first, PayloadReader reader) {
    var present = present();
    switch (first) {
      case OkPacket.FIRST_BYTE -> opened(context.channel(), reader, present);
      case AuthSwitch.FIRST_BYTE -> {
        var change = AuthSwitch.decode(reader);
        var plugin = AuthPlugin.named(change.plugin());
        if (plugin.isEmpty()) {
          stage = Stage.OVER;
          visit.refused(unknownPlugin(change.plugin()));
          return;
        }
        attempt = new Attempt(present.request(), present.secret(), plugin.get(), change.nonce());
        Bytes proof = plugin.get().proof(present.secret(), change.nonce());
        frames.send(context.channel(), writer -> writer.bytes(proof));
      }
      case MORE_DATA -> moreData(context.channel(), reader, present);
      default -> throw new MalformedPacketException("Answer " + first + " to a login");
    }
  }

  /** Of caching_sha2_password: the proof has sufficed, or has not, or the server's public key. */
  private void moreData(Channel channel, PayloadReader reader, Attempt present) {
    reader.skip(1);
    Bytes data = reader.rest();
    if (data.length() > 1) {
      Bytes proof = PublicKeyProof.of(present.secret(), present.nonce(), data);
      frames.send(channel, writer -> writer.bytes(proof));
    } else if (data.equals(Bytes.of((byte) FULL_PROOF_WANTED))) {
      frames.send(channel, writer -> writer.int1(KEY_REQUEST));
    }
  }

  private void opened(Channel channel, PayloadReader reader, Attempt present) {
    opening = reader.peek();
    status = OkPacket.decode(reader, present.capabilities()).status();
    if (present.capabilities().has(Capabilities.SESSION_TRACK)) {
      stage = Stage.TRACKING;
      frames.restart();
      frames.send(channel, writer -> Tracking.write(writer, present.capabilities()));
    } else {
      finish(false);
    }
  }

  private void finish(boolean tracked) {
    stage = Stage.OVER;
    visit.entered(new Entry(opening, status, present().request(), tracked));
  }

  private Attempt present() {
    var present = attempt;
    if (present == null) {
      throw new IllegalStateException("No login has gone before");
    }
    return present;
  }

  private static ErrPacket unknownPlugin(String name) {
    return new ErrPacket(
        1251, "08004", "The proxy cannot log in to the server with its plugin " + name);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    visit.refused(new ErrPacket(1105, "08S01", "The server's login is not understood: " + cause));
  }
}
