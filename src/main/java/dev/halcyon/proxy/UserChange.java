package dev.halcyon.proxy;

import dev.halcyon.proxy.login.ClientLogin;
import dev.halcyon.proxy.login.LoginRules;
import dev.halcyon.proxy.login.Secret;
import dev.halcyon.proxy.login.ServerLogin;
import dev.halcyon.proxy.tls.ServerEnd;
import dev.halcyon.proxy.wire.Bytes;
import dev.halcyon.proxy.wire.ErrPacket;
import dev.halcyon.proxy.wire.Greeting;
import dev.halcyon.proxy.wire.LoginFrames;
import dev.halcyon.proxy.wire.LoginRequest;
import dev.halcyon.proxy.wire.MalformedPacketException;
import dev.halcyon.proxy.wire.OkPacket;
import dev.halcyon.proxy.wire.Outbound;
import dev.halcyon.proxy.wire.Trim;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A session on its way from one user to another by COM_CHANGE_USER. The client proves itself to the
 * proxy as at a login, then the proxy changes the user of the server's session, which keeps its
 * connection id. If either refuses, both connections end, as at a server. On the event loop only.
 */
final class UserChange implements ClientLogin.Greeted, ServerLogin.Visit {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final Place place;
  private final Session session;
  private final Channel client;
  private final Channel server;
  private final Trim trim = new Trim();
  private final LoginFrames clientFrames = new LoginFrames();
  private final LoginFrames serverFrames = new LoginFrames();
  private final ClientLogin clientLogin;
  private final ServerLogin serverLogin;
  private boolean over;

  /** What a change of the user needs of the proxy. */
  interface Place {
    LoginRules rules();

    /** The session goes on as this one; the client does not know yet. */
    Session changed(Session before, Channel client, Channel server, ServerLogin.Entry entry);

    /** By which all sessions are known. */
    ConnectionIds ids();

    /** This change is no longer one. */
    void ended(UserChange change);
  }

  UserChange(Place place, Session session, Channel client, Channel server) {
    this.place = place;
    this.session = session;
    this.client = client;
    this.server = server;
    this.clientLogin = new ClientLogin(place.rules(), clientFrames, this);
    this.serverLogin = new ServerLogin(serverFrames, ServerEnd.NONE, this);
  }

  /**
   * @param command COM_CHANGE_USER as far as it has come; is taken over
   */
  void begin(ByteBuf command) {
    clientLogin.expectChange(session.entry().request());
    client.pipeline().addLast(trim, clientFrames, clientLogin);
    server.pipeline().addLast(serverFrames, serverLogin);
    client.pipeline().remove(Side.class);
    server.pipeline().remove(Side.class);
    client.closeFuture().addListener(_ -> end());
    server.closeFuture().addListener(_ -> end());
    var limit = client.eventLoop().schedule(this::end, LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    client.closeFuture().addListener(_ -> limit.cancel(false));
    client.config().setAutoRead(true);
    server.config().setAutoRead(true);
    client.pipeline().context(trim).fireChannelRead(command);
  }

  @Override
  public void proved(LoginRequest request, Secret secret) {
    serverLogin.change(server, request, secret);
  }

  @Override
  public void entered(ServerLogin.Entry entry) {
    if (over) {
      return;
    }
    over = true;
    clientLogin.accepted();
    var changed = place.changed(session, client, server, entry);
    place.ended(this);
    Bytes answer = clientLogin.answer(client, entry.payload());
    Bytes ok = session.tracks() ? answer : OkPacket.untold(answer, entry.capabilities());
    clientFrames.send(client, writer -> writer.bytes(ok));
    Arrival.join(changed, client, server);
  }

  @Override
  public void greeted(Greeting greeting) {
    throw new MalformedPacketException("A greeting in the middle of a session");
  }

  @Override
  public void denied(ErrPacket error) {
    if (!over) {
      clientFrames.send(client, error::encode);
    }
    end();
  }

  @Override
  public void refused(ErrPacket error) {
    clientLogin.rejected(error);
    denied(error);
  }

  private void end() {
    if (!over) {
      over = true;
      place.ended(this);
      place.ids().free(session.connectionId());
      Outbound.close(client);
      Outbound.close(server);
    }
  }
}
