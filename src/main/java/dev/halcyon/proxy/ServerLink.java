package dev.halcyon.proxy;

import dev.halcyon.proxy.login.LoginRules;
import dev.halcyon.proxy.login.Secret;
import dev.halcyon.proxy.login.ServerLogin;
import dev.halcyon.proxy.wire.Bytes;
import dev.halcyon.proxy.wire.ErrPacket;
import dev.halcyon.proxy.wire.Greeting;
import dev.halcyon.proxy.wire.LoginFrames;
import dev.halcyon.proxy.wire.LoginRequest;
import dev.halcyon.proxy.wire.Outbound;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to a server up to its login, or to a decent end: a server counts one that breaks off
 * before against the proxy's address and in the end blocks it for everybody, so the proxy logs in
 * as somebody and takes its leave. On the event loop only.
 */
final class ServerLink implements ServerLogin.Visit {
  private static final Logger log = LoggerFactory.getLogger(ServerLink.class);
  private static final Duration LEAVE_LIMIT = Duration.ofSeconds(10);
  private static final int QUIT = 1;

  private final LoginRules rules;
  private final InetSocketAddress address;
  private final ServerLogin.Visit visitor;
  private final LoginFrames frames = new LoginFrames();
  private final ServerLogin login;

  private @Nullable Channel channel;
  private @Nullable Greeting greeting;
  private @Nullable Future<?> limit;
  private Stage stage = Stage.COMING;
  private boolean left;

  /** How far it is. */
  private enum Stage {
    COMING,
    GREETED,
    ENTERING,
    OVER
  }

  /**
   * @param visitor is told what comes of it, unless it has left; nothing more after it has entered
   *     or was refused
   */
  ServerLink(LoginRules rules, InetSocketAddress address, ServerLogin.Visit visitor) {
    this.rules = rules;
    this.address = address;
    this.visitor = visitor;
    this.login = new ServerLogin(frames, rules.tls().towards(address), this);
  }

  InetSocketAddress address() {
    return address;
  }

  void connect(ProxyLoop loop) {
    loop.connecting(connection -> connection.pipeline().addLast(frames, login))
        .connect(address)
        .addListener((ChannelFuture connected) -> connected(connected));
  }

  private void connected(ChannelFuture future) {
    if (future.isSuccess()) {
      channel = future.channel();
      future.channel().closeFuture().addListener(_ -> lost());
    } else {
      log.warn("Cannot reach {}: {}", address, future.cause().toString());
      refused(new ErrPacket(1105, "08S01", "The proxy cannot reach the server"));
    }
  }

  @Override
  public void greeted(Greeting servers) {
    stage = Stage.GREETED;
    greeting = servers;
    if (left) {
      leaveAsSomebody();
    } else {
      visitor.greeted(servers);
    }
  }

  /** Once greeted. */
  void enter(LoginRequest request, Secret secret) {
    var open = channel;
    var greeted = greeting;
    if (open == null || greeted == null || stage != Stage.GREETED) {
      throw new IllegalStateException("A login at a server that is not ready for it");
    }
    stage = Stage.ENTERING;
    login.enter(open, greeted, request, secret);
  }

  @Override
  public void entered(ServerLogin.Entry entry) {
    stage = Stage.OVER;
    if (left) {
      frames.restart();
      frames.send(channel(), writer -> writer.int1(QUIT));
      Outbound.close(channel());
    } else {
      visitor.entered(entry);
    }
  }

  @Override
  public void refused(ErrPacket error) {
    if (stage != Stage.OVER) {
      stage = Stage.OVER;
      close();
      if (!left) {
        visitor.refused(error);
      }
    }
  }

  /** Nobody wants it any more. */
  void leave() {
    if (left || stage == Stage.OVER) {
      return;
    }
    left = true;
    var open = channel;
    if (open != null) {
      limit = open.eventLoop().schedule(this::close, LEAVE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }
    if (stage == Stage.GREETED) {
      leaveAsSomebody();
    }
  }

  /** Of the session; once entered. */
  Channel channel() {
    var open = channel;
    if (open == null) {
      throw new IllegalStateException("There is no connection");
    }
    return open;
  }

  private void leaveAsSomebody() {
    var greeted = greeting;
    if (greeted != null && channel().isActive()) {
      var somebody = rules.credentials().somebody();
      var name = Bytes.of(somebody.getKey().getBytes(StandardCharsets.UTF_8));
      enter(LoginRequest.bare(name, greeted), somebody.getValue());
    }
  }

  private void lost() {
    var leaving = limit;
    if (leaving != null) {
      leaving.cancel(false);
    }
    refused(new ErrPacket(1105, "08S01", "The server has closed the connection"));
  }

  private void close() {
    var open = channel;
    if (open != null) {
      Outbound.close(open);
    }
  }
}
