package dev.halcyon.proxy.login;

import dev.halcyon.proxy.tls.ServerEnd;
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
import io.netty.handler.ssl.SslHandler;
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
  private final ServerEnd tls;
  private @Nullable Attempt attempt;
  private Bytes opening = Bytes.NONE;
  private int status;
  private long connectionId;

  /** Is told how far it is; at the end either entered or refused. Whoever is told closes. */
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
   * @param connectionId as the server numbers it; after a change of the user 0
   * @param request of the client, with the capabilities that are in force
   * @param tracked whether the server tells of every change of the session's state
   */
  public record Entry(
      Bytes payload,
      long connectionId,
      int status,
      LoginRequest request,
      Secret secret,
      boolean tracked) {
    public Capabilities capabilities() {
      return request.capabilities();
    }
  }

  private enum Stage {
    GREETING,
    WAITING,
    SECURING,
    PROVING,
    TRACKING,
    OVER
  }

  private record Attempt(LoginRequest request, Secret secret, AuthPlugin plugin, Bytes nonce) {
    Capabilities capabilities() {
      return request.capabilities();
    }
  }

  public ServerLogin(LoginFrames frames, ServerEnd tls, Visit visit) {
    super(ByteBuf.class);
    this.frames = frames;
    this.tls = tls;
    this.visit = visit;
  }

  /** Logs in with the request's schema, collation, attributes and capabilities. */
  public void enter(Channel channel, Greeting greeting, LoginRequest request, Secret secret) {
    var plugin = AuthPlugin.named(greeting.plugin()).orElse(AuthPlugin.NATIVE);
    var own = request.proving(plugin.wireName(), plugin.proof(secret, greeting.nonce()));
    attempt = new Attempt(own, secret, plugin, greeting.nonce());
    var end = tls.handler(channel.alloc());
    if (end.isPresent() && greeting.capabilities().has(Capabilities.TLS)) {
      secure(channel, own.with(Capabilities.TLS), end.get());
    } else if (tls.required()) {
      refuse(new ErrPacket(2026, "HY000", "The server offers no TLS, which the proxy insists on"));
    } else {
      stage = Stage.PROVING;
      frames.send(channel, own::encode);
    }
  }

  private void secure(Channel channel, LoginRequest own, SslHandler end) {
    stage = Stage.SECURING;
    frames.send(channel, own::encodeTlsRequest);
    frames.secure(channel, end);
    end.handshakeFuture()
        .addListener(
            handshake -> {
              if (stage == Stage.SECURING && handshake.isSuccess()) {
                stage = Stage.PROVING;
                frames.send(channel, own::encode);
              } else if (stage == Stage.SECURING) {
                refuse(noTls(handshake.cause()));
              }
            });
  }

  /** Makes the session another user's, or the same user's anew, as COM_CHANGE_USER does. */
  public void change(Channel channel, LoginRequest request, Secret secret) {
    // Naming no plugin has the server ask for a proof of a nonce that the proxy then knows.
    var own = request.proving("", Bytes.NONE);
    attempt = new Attempt(own, secret, AuthPlugin.NATIVE, Bytes.NONE);
    stage = Stage.PROVING;
    frames.send(channel, own::encodeChange);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, ByteBuf payload) {
    if (!payload.isReadable()) {
      throw new MalformedPacketException("An empty packet in the login");
    }
    int first = payload.getUnsignedByte(payload.readerIndex());
    var reader = new PayloadReader(payload, payload.readerIndex(), payload.readableBytes());
    if (first == ErrPacket.FIRST_BYTE && stage != Stage.TRACKING) {
      refuse(ErrPacket.decode(reader));
      return;
    }
    switch (stage) {
      case GREETING -> {
        stage = Stage.WAITING;
        var greeting = Greeting.decode(reader);
        connectionId = greeting.connectionId();
        visit.greeted(greeting);
      }
      case PROVING -> proving(context, first, reader);
      case TRACKING -> finish(first == OkPacket.FIRST_BYTE);
      case WAITING, SECURING, OVER ->
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
          refuse(unknownPlugin(change.plugin()));
          return;
        }
        if (change.nonce().length() != Greeting.NONCE_LENGTH) {
          throw new MalformedPacketException("A nonce of " + change.nonce().length() + " bytes");
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
      if (LoginFrames.isSecure(channel)) {
        Bytes password = Bytes.of(present.secret().bytes());
        frames.send(channel, writer -> writer.zeroEnded(password));
      } else {
        frames.send(channel, writer -> writer.int1(KEY_REQUEST));
      }
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
    var present = present();
    visit.entered(
        new Entry(opening, connectionId, status, present.request(), present.secret(), tracked));
  }

  private void refuse(ErrPacket error) {
    if (stage != Stage.OVER) {
      stage = Stage.OVER;
      visit.refused(error);
    }
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
        1251,
        "08004",
        ("The account logs in by the plugin %s, for which the proxy would have to be the client"
                + " itself. Give the account mysql_native_password or caching_sha2_password, or"
                + " lead its client to the server directly")
            .formatted(name));
  }

  private static ErrPacket noTls(@Nullable Throwable cause) {
    var words = cause == null ? "" : ": " + cause.getMessage();
    return new ErrPacket(2026, "HY000", "The proxy has no TLS with the server" + words);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (stage == Stage.SECURING) {
      refuse(noTls(cause));
      return;
    }
    refuse(new ErrPacket(1105, "08S01", "The server's login is not understood: " + cause));
  }
}
