package dev.halcyon.proxy;

import dev.halcyon.proxy.login.LoginRules;
import dev.halcyon.proxy.login.Secret;
import dev.halcyon.proxy.login.ServerLogin;
import dev.halcyon.proxy.tls.ServerEnd;
import dev.halcyon.proxy.wire.Capabilities;
import dev.halcyon.proxy.wire.ErrPacket;
import dev.halcyon.proxy.wire.Greeting;
import dev.halcyon.proxy.wire.LoginFrames;
import dev.halcyon.proxy.wire.LoginRequest;
import dev.halcyon.proxy.wire.Outbound;
import dev.halcyon.proxy.wire.PayloadWriter;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.net.InetSocketAddress;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Opens a session on a server in somebody's name, without a client that is on its way in. On the
 * event loop only.
 */
final class ServerDoor implements ServerLogin.Visit {
  private static final int QUIT = 1;

  private final Function<Greeting, LoginRequest> request;
  private final Secret secret;
  private final Caller caller;
  private final LoginFrames frames = new LoginFrames();
  private final ServerLogin login;

  private @Nullable Channel server;
  private @Nullable Greeting greeting;
  private boolean over;

  /** Is told once how it ends. */
  interface Caller {
    /** The channel has a {@link Leftover} and no handler of the login any more. */
    void opened(Opened session);

    /**
     * @param reason for people: a clause
     */
    void refused(String reason);
  }

  /**
   * @param connectionId as the server numbers it
   */
  record Opened(Channel channel, ServerLogin.Entry entry, long connectionId, boolean mariadb) {
    static Opened of(Channel channel, ServerLogin.Entry entry, Greeting greeting) {
      boolean mariadb = !greeting.capabilities().has(Capabilities.NOT_MARIADB);
      return new Opened(channel, entry, greeting.connectionId(), mariadb);
    }
  }

  private ServerDoor(
      ServerEnd tls, Function<Greeting, LoginRequest> request, Secret secret, Caller caller) {
    this.login = new ServerLogin(frames, tls, this);
    this.request = request;
    this.secret = secret;
    this.caller = caller;
  }

  /**
   * @param request what to log in with at a server of this greeting
   */
  static void open(
      ProxyLoop loop,
      LoginRules rules,
      InetSocketAddress address,
      Function<Greeting, LoginRequest> request,
      Secret secret,
      Caller caller) {
    var door = new ServerDoor(rules.tls().towards(address), request, secret, caller);
    loop.connecting(channel -> channel.pipeline().addLast(door.frames, door.login))
        .connect(address)
        .addListener((ChannelFuture connected) -> door.connected(connected, address));
  }

  private void connected(ChannelFuture future, InetSocketAddress address) {
    if (!future.isSuccess()) {
      fail("no connection to " + address + ": " + future.cause().getMessage());
      return;
    }
    server = future.channel();
    server.closeFuture().addListener(_ -> fail("the server has closed the connection"));
  }

  @Override
  public void greeted(Greeting serverGreeting) {
    greeting = serverGreeting;
    var open = server;
    if (open == null) {
      return;
    }
    var asked = request.apply(serverGreeting);
    long lacking =
        asked.capabilities().without(Capabilities.TLS).bits()
            & ~serverGreeting.capabilities().bits();
    if (isMariaDb(serverGreeting)) {
      lacking &= ~Capabilities.NOT_MARIADB;
    }
    if (lacking != 0) {
      fail("the server " + serverGreeting.version() + " does not offer what the client relies on");
      Outbound.close(open);
      return;
    }
    login.enter(open, serverGreeting, asked, secret);
  }

  @Override
  public void entered(ServerLogin.Entry entry) {
    var open = server;
    var greeted = greeting;
    if (open == null || greeted == null || over) {
      throw new IllegalStateException("Entered without a server");
    }
    over = true;
    open.pipeline().addLast(new Leftover());
    open.pipeline().remove(login);
    open.pipeline().remove(frames);
    caller.opened(Opened.of(open, entry, greeted));
  }

  @Override
  public void refused(ErrPacket error) {
    fail("the server refuses the login: error " + error.code() + ", " + error.message());
    var open = server;
    if (open != null) {
      Outbound.close(open);
    }
  }

  private static boolean isMariaDb(Greeting greeting) {
    return !greeting.capabilities().has(Capabilities.NOT_MARIADB);
  }

  /** Takes leave of a server, which else would count the connection as broken off. */
  static void leave(Channel channel) {
    if (channel.isActive()) {
      Outbound.write(
          channel, PayloadWriter.packet(channel.alloc(), 0, writer -> writer.int1(QUIT)));
      Outbound.close(channel);
    }
  }

  private void fail(String reason) {
    if (!over) {
      over = true;
      caller.refused(reason);
    }
  }
}
