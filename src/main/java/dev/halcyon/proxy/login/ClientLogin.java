package dev.halcyon.proxy.login;

import dev.halcyon.proxy.wire.AuthSwitch;
import dev.halcyon.proxy.wire.Bytes;
import dev.halcyon.proxy.wire.Capabilities;
import dev.halcyon.proxy.wire.ErrPacket;
import dev.halcyon.proxy.wire.Greeting;
import dev.halcyon.proxy.wire.LoginFrames;
import dev.halcyon.proxy.wire.LoginRequest;
import dev.halcyon.proxy.wire.MalformedPacketException;
import dev.halcyon.proxy.wire.PayloadReader;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Greets a client as the server would, with a nonce of its own, and checks the proof that the
 * client answers. On the client channel's event loop only.
 */
public final class ClientLogin extends SimpleChannelInboundHandler<ByteBuf> {
  private static final int FAST_PROOF_ACCEPTED = 3;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Accounts accounts;
  private final LoginThrottle throttle;
  private final LoginFrames frames;
  private final Greeted greeted;

  private final Bytes nonce = nonce();
  private AuthPlugin plugin;
  private @Nullable Greeting greeting;
  private @Nullable LoginRequest request;
  private boolean answered;
  private @Nullable Future<?> turn;

  /** Is told how it ends. */
  public interface Greeted {
    /** The client has proved that it knows the secret. It waits for an OK or an error. */
    void proved(LoginRequest request, Secret secret);

    /** The client was told error 1045, or has sent what is no login. */
    void refused(ErrPacket error);
  }

  public ClientLogin(
      Accounts accounts, LoginThrottle throttle, LoginFrames frames, Greeted greeted) {
    super(ByteBuf.class);
    this.accounts = accounts;
    this.throttle = throttle;
    this.frames = frames;
    this.greeted = greeted;
    this.plugin = AuthPlugin.NATIVE;
  }

  /** Sends the server's greeting with what the proxy passes on, and its own nonce. */
  public void greet(Channel channel, Greeting server) {
    plugin = AuthPlugin.named(server.plugin()).orElse(AuthPlugin.NATIVE);
    var own =
        new Greeting(
            server.version(),
            server.connectionId(),
            nonce,
            server.capabilities().only(Capabilities.PASSED),
            server.collation(),
            server.status(),
            plugin.wireName());
    greeting = own;
    frames.send(channel, own::encode);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, ByteBuf payload) {
    if (greeting == null || answered) {
      throw new MalformedPacketException("A packet that nobody has asked for");
    }
    var reader = new PayloadReader(payload, payload.readerIndex(), payload.readableBytes());
    if (request == null) {
      request = LoginRequest.decode(reader, greeting.capabilities());
      var chosen = AuthPlugin.named(request.plugin());
      if (chosen.isEmpty()) {
        frames.send(context.channel(), new AuthSwitch(plugin.wireName(), nonce)::encode);
        return;
      }
      plugin = chosen.get();
    } else {
      request = request.proving(plugin.wireName(), reader.rest());
    }
    answered = true;
    check(context, request);
  }

  /** Attempts wait here for their turn, right ones as well: the answer's time must tell nothing. */
  private void check(ChannelHandlerContext context, LoginRequest asked) {
    InetAddress address = address(context);
    Duration wait = throttle.wait(address);
    if (wait.isPositive()) {
      turn =
          context
              .executor()
              .schedule(() -> check(context, asked), wait.toNanos(), TimeUnit.NANOSECONDS);
      return;
    }
    var secret = accounts.of(asked.userName());
    // An unknown user costs the same work as a wrong password.
    boolean right = plugin.proves(asked.proof(), secret.orElse(Secret.of("nobody's")), nonce);
    if (secret.isPresent() && right) {
      throttle.succeeded(address);
      if (plugin == AuthPlugin.CACHING_SHA2 && !asked.proof().isEmpty()) {
        frames.send(context.channel(), writer -> writer.int1(1).int1(FAST_PROOF_ACCEPTED));
      }
      greeted.proved(asked, secret.get());
    } else {
      throttle.failed(address);
      greeted.refused(denied(asked, address));
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    var waiting = turn;
    if (waiting != null) {
      waiting.cancel(false);
    }
    context.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    greeted.refused(new ErrPacket(1043, "08S01", "Bad handshake"));
  }

  private static ErrPacket denied(LoginRequest request, InetAddress address) {
    return new ErrPacket(
        1045,
        "28000",
        "Access denied for user '%s'@'%s' (using password: %s)"
            .formatted(
                request.userName(),
                address.getHostAddress(),
                request.proof().isEmpty() ? "NO" : "YES"));
  }

  private static InetAddress address(ChannelHandlerContext context) {
    return ((InetSocketAddress) context.channel().remoteAddress()).getAddress();
  }

  /** Printable, as the servers' nonces are: some clients take it for a text. */
  private static Bytes nonce() {
    var bytes = new byte[Greeting.NONCE_LENGTH];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) RANDOM.nextInt('A', 'z' + 1);
    }
    return Bytes.of(bytes);
  }
}
