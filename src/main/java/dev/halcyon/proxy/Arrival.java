package dev.halcyon.proxy;

import dev.halcyon.proxy.login.ClientLogin;
import dev.halcyon.proxy.login.LoginRules;
import dev.halcyon.proxy.login.Secret;
import dev.halcyon.proxy.login.ServerLogin;
import dev.halcyon.proxy.wire.Bytes;
import dev.halcyon.proxy.wire.Capabilities;
import dev.halcyon.proxy.wire.ErrPacket;
import dev.halcyon.proxy.wire.Greeting;
import dev.halcyon.proxy.wire.LoginFrames;
import dev.halcyon.proxy.wire.LoginRequest;
import dev.halcyon.proxy.wire.Outbound;
import dev.halcyon.proxy.wire.Trim;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's way from its connection to an open session. The server is connected first, so that the
 * client is greeted with that server's version and its own connection id, which it needs for KILL.
 * On the event loop only.
 */
final class Arrival implements ClientLogin.Greeted, ServerLogin.Visit {
  private static final Logger log = LoggerFactory.getLogger(Arrival.class);
  private static final Duration CLIENT_LIMIT = Duration.ofSeconds(10);
  private static final int QUIT = 1;

  private final Reception reception;
  private final Channel client;
  private final Trim trim = new Trim();
  private final LoginFrames clientFrames = new LoginFrames();
  private final ClientLogin clientLogin;
  private final LoginFrames serverFrames = new LoginFrames();

  private @Nullable Channel server;
  private @Nullable ServerLogin serverLogin;
  private @Nullable Greeting greeting;
  private @Nullable Future<?> limit;
  private Stage stage = Stage.COMING;

  /** How far it is. */
  private enum Stage {
    COMING,
    PROVING,
    ENTERING,
    /** The client is gone or refused; the server session is brought to a decent end. */
    LEAVING,
    OVER
  }

  /** What an arrival needs of the proxy. */
  interface Reception {
    LoginRules rules();

    ProxyLoop loop();

    /** Where clients are led. */
    InetSocketAddress server();

    /** Runs it now, or once new sessions are let in again. */
    void whenOpen(Runnable entry);

    /** The session begins; the client does not know yet. */
    Session opened(Channel client, Channel server, ServerLogin.Entry entry, long connectionId);

    /** This arrival is no longer one. */
    void ended(Arrival arrival);
  }

  Arrival(Reception reception, Channel client) {
    this.reception = reception;
    this.client = client;
    this.clientLogin = new ClientLogin(reception.rules(), clientFrames, this);
  }

  /** Whether the server is logging it in at this moment. */
  boolean entering() {
    return stage == Stage.ENTERING;
  }

  void begin() {
    client.pipeline().addLast(trim, clientFrames, clientLogin);
    client.closeFuture().addListener(_ -> leave(null));
    reception.whenOpen(this::connect);
  }

  private void connect() {
    if (stage != Stage.COMING) {
      return;
    }
    var address = reception.server();
    var login = new ServerLogin(serverFrames, reception.rules().tls().towards(address), this);
    serverLogin = login;
    reception
        .loop()
        .connecting(channel -> channel.pipeline().addLast(serverFrames, login))
        .connect(address)
        .addListener((ChannelFuture connected) -> connected(connected));
  }

  private void connected(ChannelFuture future) {
    if (!future.isSuccess()) {
      log.warn("Cannot reach {}: {}", reception.server(), future.cause().toString());
      refused(new ErrPacket(1105, "08S01", "The proxy cannot reach the server"));
      return;
    }
    server = future.channel();
    server.closeFuture().addListener(_ -> lost());
    if (stage == Stage.LEAVING) {
      Outbound.close(server);
    }
  }

  @Override
  public void greeted(Greeting serverGreeting) {
    greeting = serverGreeting;
    if (stage == Stage.LEAVING) {
      leaveServer();
      return;
    }
    stage = Stage.PROVING;
    clientLogin.greet(client, serverGreeting);
    limit =
        client.eventLoop().schedule(this::expire, CLIENT_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void expire() {
    if (stage == Stage.PROVING) {
      Outbound.close(client);
    }
  }

  @Override
  public void proved(LoginRequest request, Secret secret) {
    expectNoProof();
    long more = Capabilities.PLUGIN_AUTH | Capabilities.SECURE_CONNECTION;
    reception.whenOpen(() -> enter(request.with(more), secret));
  }

  private void expectNoProof() {
    var expiry = limit;
    if (expiry != null) {
      expiry.cancel(false);
    }
  }

  private void enter(LoginRequest request, Secret secret) {
    var open = server;
    var greeted = greeting;
    var login = serverLogin;
    if (stage == Stage.PROVING && open != null && greeted != null && login != null) {
      stage = Stage.ENTERING;
      login.enter(open, greeted, request, secret);
    }
  }

  @Override
  public void entered(ServerLogin.Entry entry) {
    var open = server;
    var greeted = greeting;
    if (open == null || greeted == null) {
      throw new IllegalStateException("Entered without a server");
    }
    if (stage == Stage.LEAVING) {
      serverFrames.restart();
      serverFrames.send(open, writer -> writer.int1(QUIT));
      Outbound.close(open);
      return;
    }
    stage = Stage.OVER;
    reception.ended(this);
    clientLogin.accepted();
    var session = reception.opened(client, open, entry, greeted.connectionId());
    clientFrames.send(client, writer -> writer.bytes(entry.payload()));
    join(session, client, open);
  }

  /** Puts the session in the place of the login. */
  static void join(Session session, Channel client, Channel server) {
    // The new handlers first: what has come too early is handed on when the old ones go.
    client.pipeline().addLast(session.clientSide());
    server.pipeline().addLast(session.serverSide());
    client.pipeline().remove(ClientLogin.class);
    server.pipeline().remove(ServerLogin.class);
    client.pipeline().remove(LoginFrames.class);
    client.pipeline().remove(Trim.class);
    server.pipeline().remove(LoginFrames.class);
  }

  /** By the server, or because of it: the client is told, and both go. */
  @Override
  public void refused(ErrPacket error) {
    if (stage == Stage.ENTERING) {
      clientLogin.rejected(error);
    }
    depart(error);
    var open = server;
    if (open != null) {
      Outbound.close(open);
    }
  }

  /** The client is told, and goes. */
  @Override
  public void denied(ErrPacket error) {
    leave(error);
  }

  private void leave(@Nullable ErrPacket error) {
    boolean entering = stage == Stage.ENTERING;
    if (depart(error) && !entering) {
      leaveServer();
    }
  }

  /**
   * @return whether it had not gone already
   */
  private boolean depart(@Nullable ErrPacket error) {
    if (stage == Stage.OVER || stage == Stage.LEAVING) {
      return false;
    }
    stage = Stage.LEAVING;
    expectNoProof();
    reception.ended(this);
    if (error != null && client.isActive()) {
      clientFrames.send(client, error::encode);
    }
    Outbound.close(client);
    return true;
  }

  /**
   * A server counts a connection that breaks off in the login against the proxy's address and in
   * the end blocks it for everybody. So the proxy logs in as somebody and takes its leave.
   */
  private void leaveServer() {
    var open = server;
    var greeted = greeting;
    var login = serverLogin;
    if (open == null || greeted == null || login == null || !open.isActive()) {
      return;
    }
    Map.Entry<String, Secret> somebody = reception.rules().credentials().somebody();
    var name = somebody.getKey().getBytes(StandardCharsets.UTF_8);
    login.enter(open, greeted, LoginRequest.bare(Bytes.of(name), greeted), somebody.getValue());
  }

  private void lost() {
    if (stage == Stage.COMING || stage == Stage.PROVING || stage == Stage.ENTERING) {
      refused(new ErrPacket(1105, "08S01", "The server has closed the connection"));
    }
  }
}
