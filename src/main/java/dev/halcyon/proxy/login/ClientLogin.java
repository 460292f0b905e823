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
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks a client who it is, at its login or at a change of the user, and has it prove that. On the
 * client channel's event loop only.
 */
public final class ClientLogin extends SimpleChannelInboundHandler<ByteBuf> {
  private static final int MORE_DATA = 1;
  private static final int FAST_PROOF_ACCEPTED = 3;
  private static final int FULL_PROOF_WANTED = 4;
  private static final int KEY_REQUEST = 2;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final LoginRules rules;
  private final LoginFrames frames;
  private final Greeted greeted;
  private final Bytes nonce = nonce();

  /** What the client answers next. */
  private Expected expected = Expected.NOTHING;

  private Capabilities offered = new Capabilities(0);
  private AuthPlugin plugin = AuthPlugin.NATIVE;

  /** Of a session that changes its user. */
  private @Nullable LoginRequest first;

  private @Nullable LoginRequest request;
  private @Nullable Claim claim;
  private @Nullable Future<?> turn;

  private enum Expected {
    NOTHING,
    REQUEST,
    PROOF,
    PASSWORD,
    SEALED_PASSWORD
  }

  /**
   * Who the client is.
   *
   * @param learnt whether the server has yet to decide about the secret
   */
  private record Claim(String user, Secret secret, boolean learnt, InetAddress address) {}

  /** Is told how it ends. */
  public interface Greeted {
    /**
     * The client is who it says, as far as the proxy knows. It waits for an OK or an error, and
     * {@link #accepted} or {@link #rejected} for a word of what the server has said.
     */
    void proved(LoginRequest request, Secret secret);

    /** The client is to be told this error. */
    void denied(ErrPacket error);
  }

  public ClientLogin(LoginRules rules, LoginFrames frames, Greeted greeted) {
    super(ByteBuf.class);
    this.rules = rules;
    this.frames = frames;
    this.greeted = greeted;
  }

  /** Sends the server's greeting with what the proxy passes on, and its own nonce. */
  public void greet(Channel channel, Greeting server) {
    plugin = AuthPlugin.named(server.plugin()).orElse(AuthPlugin.NATIVE);
    var passed = server.capabilities().only(Capabilities.PASSED);
    offered = rules.tls().offered() ? passed.with(Capabilities.TLS) : passed;
    var own =
        new Greeting(
            server.version(),
            server.connectionId(),
            nonce,
            offered,
            server.collation(),
            server.status(),
            plugin.wireName());
    expected = Expected.REQUEST;
    frames.send(channel, own::encode);
  }

  /** Expects COM_CHANGE_USER next, of a session that began with the given login. */
  public void expectChange(LoginRequest login) {
    first = login;
    expected = Expected.REQUEST;
  }

  /** The server has taken the client's secret. */
  public void accepted() {
    var known = claim;
    if (known != null && known.learnt()) {
      rules.credentials().learn(known.user(), known.secret());
      rules.throttle().succeeded(known.address());
    }
  }

  /**
   * The server's OK for this client. A client of MariaDB that does not know the authority of a
   * certificate takes it nevertheless if the OK proves that the other end knows the password and
   * shows this very certificate.
   */
  public Bytes answer(Channel channel, Bytes ok) {
    var known = claim;
    var fingerprint = rules.tls().fingerprint();
    if (known == null
        || fingerprint.isEmpty()
        || !LoginFrames.isSecure(channel)
        || plugin != AuthPlugin.NATIVE
        || !isMariaDb()) {
      return ok;
    }
    return OkPacket.saying(ok, plugin.vouch(known.secret(), nonce, fingerprint.get()));
  }

  private boolean isMariaDb() {
    var session = first;
    var spoken = session == null ? offered : session.capabilities();
    return !spoken.has(Capabilities.NOT_MARIADB);
  }

  /** The server has refused the client. */
  public void rejected(ErrPacket error) {
    var known = claim;
    if (known != null && known.learnt() && error.code() == ErrPacket.ACCESS_DENIED) {
      rules.credentials().forget(known.user(), known.secret());
      rules.throttle().failed(known.address());
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, ByteBuf payload) {
    var reader = new PayloadReader(payload, payload.readerIndex(), payload.readableBytes());
    switch (expected) {
      case REQUEST -> request(context, reader);
      case PROOF -> check(context, asked().proving(plugin.wireName(), reader.rest()));
      case PASSWORD -> password(context, reader.rest());
      case SEALED_PASSWORD -> open(context, reader.rest());
      case NOTHING -> throw new MalformedPacketException("A packet that nobody has asked for");
    }
  }

  private void request(ChannelHandlerContext context, PayloadReader reader) {
    var session = first;
    if (session != null) {
      request = LoginRequest.decodeChange(reader, session);
      plugin = AuthPlugin.NATIVE;
      ask(context, plugin); // the proof that came is of a nonce that was used before
      return;
    }
    boolean secure = LoginFrames.isSecure(context.channel());
    if (!secure && LoginRequest.asksForTls(reader)) {
      var tls = rules.tls().towardsClient(context.alloc());
      frames.secure(
          context.channel(),
          tls.orElseThrow(() -> new MalformedPacketException("TLS was not offered")));
      return;
    }
    var login = LoginRequest.decode(reader, offered.without(Capabilities.TLS));
    request = login;
    var chosen =
        login.capabilities().has(Capabilities.PLUGIN_AUTH)
            ? AuthPlugin.named(login.plugin())
            : Optional.of(AuthPlugin.NATIVE);
    // A client that was told to use another plugin than it is greeted with waits for its nonce.
    boolean waits = chosen.isPresent() && chosen.get() != plugin && login.proof().isEmpty();
    if (chosen.isEmpty()) {
      ask(context, plugin);
    } else if (waits && login.capabilities().has(Capabilities.PLUGIN_AUTH)) {
      ask(context, chosen.get());
    } else {
      plugin = chosen.get();
      check(context, login);
    }
  }

  /** Asks for a proof by the plugin. */
  private void ask(ChannelHandlerContext context, AuthPlugin by) {
    plugin = by;
    expected = Expected.PROOF;
    frames.send(context.channel(), new AuthSwitch(by.wireName(), nonce)::encode);
  }

  /** Attempts wait here for their turn, right ones as well: the answer's time must tell nothing. */
  private void check(ChannelHandlerContext context, LoginRequest asked) {
    expected = Expected.NOTHING;
    request = asked;
    inTurn(context, () -> proof(context, asked));
  }

  private void inTurn(ChannelHandlerContext context, Runnable step) {
    Duration wait = rules.throttle().wait(address(context));
    if (wait.isPositive()) {
      turn =
          context
              .executor()
              .schedule(() -> inTurn(context, step), wait.toNanos(), TimeUnit.NANOSECONDS);
    } else {
      guarded(context, step);
    }
  }

  private void proof(ChannelHandlerContext context, LoginRequest asked) {
    var credentials = rules.credentials();
    var known = credentials.of(asked.userName());
    // An unknown user costs the same work as a wrong password.
    boolean right = plugin.proves(asked.proof(), known.orElse(Secret.of("nobody's")), nonce);
    if (known.isPresent() && right) {
      if (plugin == AuthPlugin.CACHING_SHA2 && !asked.proof().isEmpty()) {
        more(context, FAST_PROOF_ACCEPTED);
      }
      claim(context, asked, known.get());
    } else if (!credentials.learns() || !asked.capabilities().has(Capabilities.PLUGIN_AUTH)) {
      deny(context, asked);
    } else if (asked.proof().isEmpty()) {
      candidate(context, asked, Secret.of(""));
    } else if (plugin == AuthPlugin.CACHING_SHA2) {
      expected = Expected.PASSWORD;
      more(context, FULL_PROOF_WANTED);
    } else {
      ask(context, AuthPlugin.CACHING_SHA2);
    }
  }

  private void password(ChannelHandlerContext context, Bytes sent) {
    var asked = asked();
    if (LoginFrames.isSecure(context.channel())) {
      expected = Expected.NOTHING;
      candidate(context, asked, Secret.sent(sent.toArray()));
    } else if (sent.equals(Bytes.of((byte) KEY_REQUEST))) {
      expected = Expected.SEALED_PASSWORD;
      Bytes key = SealedPassword.publicKey(rules.key().get());
      frames.send(context.channel(), writer -> writer.int1(MORE_DATA).bytes(key));
    } else {
      open(context, sent); // the client has the key in a file
    }
  }

  private void open(ChannelHandlerContext context, Bytes sealed) {
    expected = Expected.NOTHING;
    var asked = asked();
    rules
        .workers()
        .execute(
            () -> {
              try {
                var secret = SealedPassword.open(rules.key().get(), sealed, nonce);
                run(context, () -> candidate(context, asked, secret));
              } catch (MalformedPacketException malformed) {
                run(context, () -> deny(context, asked));
              }
            });
  }

  /** A password that the server has to decide about, unless the settings do. */
  private void candidate(ChannelHandlerContext context, LoginRequest asked, Secret secret) {
    var given = rules.credentials().given(asked.userName());
    if (given.isPresent() && !given.get().same(secret)) {
      deny(context, asked);
    } else {
      claim(context, asked, secret);
    }
  }

  private void claim(ChannelHandlerContext context, LoginRequest asked, Secret secret) {
    var address = address(context);
    boolean learnt = rules.credentials().given(asked.userName()).isEmpty();
    claim = new Claim(asked.userName(), secret, learnt, address);
    if (learnt) {
      rules.throttle().began(address);
    } else {
      rules.throttle().succeeded(address);
    }
    greeted.proved(asked, secret);
  }

  private void deny(ChannelHandlerContext context, LoginRequest asked) {
    var address = address(context);
    rules.throttle().failed(address);
    greeted.denied(ErrPacket.accessDenied(asked.userName(), address, !asked.proof().isEmpty()));
  }

  private void more(ChannelHandlerContext context, int word) {
    frames.send(context.channel(), writer -> writer.int1(MORE_DATA).int1(word));
  }

  private LoginRequest asked() {
    var asked = request;
    if (asked == null) {
      throw new MalformedPacketException("A proof of nobody");
    }
    return asked;
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
    greeted.denied(new ErrPacket(1043, "08S01", "Bad handshake"));
  }

  /** On the event loop, if the client has not gone meanwhile. */
  private void run(ChannelHandlerContext context, Runnable step) {
    context.executor().execute(() -> guarded(context, step));
  }

  private void guarded(ChannelHandlerContext context, Runnable step) {
    if (!context.isRemoved() && context.channel().isActive()) {
      step.run();
    }
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
