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
import dev.halcyon.proxy.wire.OkPacket;
import dev.halcyon.proxy.wire.Outbound;
import dev.halcyon.proxy.wire.Trim;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client's way from its connection to an open session. The server is connected first, so that the
 * client is greeted with that server's version and its own connection id, which it needs for KILL.
 * On the event loop only.
 */
final class Arrival implements ClientLogin.Greeted, ServerLogin.Visit {
  private static final Duration CLIENT_LIMIT = Duration.ofSeconds(10);
  private static final int ACCESS_DENIED = 1045;

  private final Reception reception;
  private final Channel client;
  private final Trim trim = new Trim();
  private final LoginFrames clientFrames = new LoginFrames();
  private final ClientLogin clientLogin;

  private @Nullable ServerLink link;

  /** What the client was greeted with. */
  private @Nullable Greeting greeting;

  /** Who is to be logged in at a server that clients were led to meanwhile. */
  private @Nullable Claim claim;

  /** Whether the client itself wants to be told of changes of the session's state. */
  private boolean tracks;

  private @Nullable Future<?> limit;
  private Stage stage = Stage.COMING;

  private record Claim(LoginRequest request, Secret secret) {}

  /** How far it is. */
  private enum Stage {
    COMING,
    PROVING,
    ENTERING,
    OVER
  }

  /** What an arrival needs of the proxy. */
  interface Reception {
    LoginRules rules();

    Meter meter();

    ProxyLoop loop();

    /** By which all sessions are known. */
    ConnectionIds ids();

    /** Where clients are led. */
    InetSocketAddress server();

    /**
     * Runs it now, or once new sessions are let in again.
     *
     * @param refusal runs if that takes too long
     */
    void whenOpen(Arrival arrival, Runnable entry, Consumer<ErrPacket> refusal);

    /**
     * The session begins; the client does not know yet.
     *
     * @param connectionId as the client knows it; the server's own is the entry's
     * @param tracks whether the client itself wants to be told of changes of the session's state
     */
    Session opened(
        Channel client, Channel server, ServerLogin.Entry entry, long connectionId, boolean tracks);

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
    reception.whenOpen(
        this,
        () -> {
          if (stage == Stage.COMING) {
            connect();
          }
        },
        this::denied);
  }

  private void connect() {
    var next = new ServerLink(reception.rules(), reception.server(), this);
    link = next;
    next.connect(reception.loop());
  }

  @Override
  public void greeted(Greeting servers) {
    var waiting = claim;
    if (waiting != null) {
      enterLate(servers, waiting);
      return;
    }
    stage = Stage.PROVING;
    var own = servers.with(reception.ids().told(servers.connectionId()));
    greeting = own;
    clientLogin.greet(client, own);
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
    tracks = request.capabilities().has(Capabilities.SESSION_TRACK);
    long needed = Capabilities.PLUGIN_AUTH | Capabilities.SECURE_CONNECTION;
    var more = request.with(needed | tracking());
    reception.whenOpen(this, () -> enter(new Claim(more, secret)), this::denied);
  }

  /** Without it nobody knows what the session is set to; the client need not know. */
  private long tracking() {
    var greeted = greeting;
    return greeted == null ? 0 : greeted.capabilities().bits() & Capabilities.SESSION_TRACK;
  }

  private void expectNoProof() {
    var expiry = limit;
    if (expiry != null) {
      expiry.cancel(false);
    }
  }

  private void enter(Claim who) {
    var present = link;
    if (stage != Stage.PROVING || present == null) {
      return;
    }
    stage = Stage.ENTERING;
    if (present.address().equals(reception.server())) {
      present.enter(who.request(), who.secret());
    } else {
      claim = who;
      present.leave();
      connect();
    }
  }

  /** At another server than the one that has greeted the client. */
  private void enterLate(Greeting servers, Claim who) {
    var present = link;
    if (present == null || !servers.capabilities().has(who.request().capabilities().bits())) {
      var error = "The server that clients are led to now can do less than the one before";
      leave(new ErrPacket(1105, "08S01", error));
    } else {
      present.enter(who.request(), who.secret());
    }
  }

  @Override
  public void entered(ServerLogin.Entry entry) {
    var greeted = greeting;
    var present = link;
    if (present == null || greeted == null) {
      throw new IllegalStateException("Entered without a server");
    }
    stage = Stage.OVER;
    reception.ended(this);
    clientLogin.accepted();
    var session =
        reception.opened(client, present.channel(), entry, greeted.connectionId(), tracks);
    Bytes answer = clientLogin.answer(client, entry.payload());
    Bytes ok = tracks ? answer : OkPacket.untold(answer, entry.capabilities());
    clientFrames.send(client, writer -> writer.bytes(ok));
    join(session, client, present.channel());
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

  /** By the server, or because of it. */
  @Override
  public void refused(ErrPacket error) {
    if (stage == Stage.ENTERING) {
      clientLogin.rejected(error);
    }
    leave(error);
  }

  @Override
  public void denied(ErrPacket error) {
    leave(error);
  }

  /** The client goes; it is told why, if it does not know. */
  private void leave(@Nullable ErrPacket error) {
    if (stage == Stage.OVER) {
      return;
    }
    stage = Stage.OVER;
    expectNoProof();
    reception.ended(this);
    var greeted = greeting;
    if (greeted != null) {
      reception.ids().free(greeted.connectionId());
    }
    if (error != null && error.code() == ACCESS_DENIED) {
      reception.meter().loginFailed();
    }
    if (error != null && client.isActive()) {
      clientFrames.send(client, error::encode);
    }
    Outbound.close(client);
    var present = link;
    if (present != null) {
      present.leave();
    }
  }
}
