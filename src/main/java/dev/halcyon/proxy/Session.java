package dev.halcyon.proxy;

import dev.halcyon.proxy.digest.SessionRecord;
import dev.halcyon.proxy.login.ServerLogin;
import dev.halcyon.proxy.login.Tracking;
import dev.halcyon.proxy.move.Known;
import dev.halcyon.proxy.wire.Capabilities;
import dev.halcyon.proxy.wire.ErrPacket;
import dev.halcyon.proxy.wire.Outbound;
import dev.halcyon.proxy.wire.PacketScanner;
import dev.halcyon.proxy.wire.PayloadWriter;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.util.EnumSet;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One client and its server session. Bytes pass as they come, in both directions on one event loop;
 * a command waits only while the proxy holds its clients and the session is at a boundary, or while
 * the proxy itself asks the server something. On the event loop only.
 */
final class Session {
  /** What a session asks of the proxy's hold. */
  interface Hold {
    boolean held();

    /** Whether the hold lets fleeting commands pass yet. */
    boolean gathering();

    /** Whether who is held has waited too long. */
    boolean turnsAway();

    Meter meter();

    /** While held: it may have come to its boundary, or stands still. */
    void settled(Session session);

    /**
     * The session is over and its user is to be changed.
     *
     * @param command COM_CHANGE_USER as far as it has come; is to be released
     */
    void changesUser(Session session, Channel client, Channel server, ByteBuf command);

    /** By which all sessions are known. */
    ConnectionIds ids();

    /** The server has seen the last of it. */
    void ended(Session session);
  }

  private static final int MOST_OUTSTANDING = 1000;
  private static final int PING = 0x0e;
  private static final int SHUTDOWN = 1053;

  private final Channel client;
  private final Capabilities capabilities;
  private final long connectionId;
  private final boolean tracks;
  private final ServerLogin.Entry entry;
  private final Hold hold;
  private final SessionState state;
  private final Meter meter;
  private final Stopwatch stopwatch;
  private final Responses responses;
  private final Requests requests;
  private final PacketScanner fromClient;
  private final PacketScanner fromServer;

  /** Another one after a move. */
  private Backend backend;

  private Channel server;

  /** Bytes of the client that wait: a command that may not pass, or half a header. */
  private @Nullable ByteBuf waiting;

  private @Nullable ByteBuf halfResponse;
  private boolean parked;

  /** COM_CHANGE_USER has come; it makes another session. */
  private boolean changing;

  /** COM_RESET_CONNECTION is under way; after it the server must be asked again to track. */
  private boolean resetting;

  /** Since the last command of the client. */
  private boolean asked;

  /** A command waits for the release. */
  private boolean stays;

  /** The proxy itself talks to the server about the session's state. */
  private boolean exclusive;

  private boolean closed;

  /**
   * A session's side at a server.
   *
   * @param connectionId as the server numbers it
   * @param ids of its prepared statements; those of the present backend are with the session
   */
  record Backend(
      String server, Channel channel, long connectionId, int status, Statements.Ids ids) {}

  /**
   * @param connectionId as the client knows it
   * @param tracks whether the client itself wants to be told of changes
   */
  Session(
      Channel client,
      Backend backend,
      ServerLogin.Entry entry,
      long connectionId,
      boolean tracks,
      Hold hold,
      SessionRecord record,
      LongSupplier nanoTime) {
    this.client = client;
    this.backend = backend;
    this.server = backend.channel();
    this.capabilities = entry.capabilities();
    this.hold = hold;
    this.connectionId = connectionId;
    this.tracks = tracks;
    this.entry = entry;
    this.state = new SessionState(nanoTime, entry, record);
    this.meter = hold.meter();
    this.stopwatch = meter.stopwatch();
    this.responses = new Responses(state, capabilities, !tracks, stopwatch);
    this.requests = new Requests(state, responses, capabilities, new Order());
    this.fromClient = new PacketScanner(requests);
    this.fromServer = new PacketScanner(responses);
  }

  ChannelHandler clientSide() {
    return new Side(this::clientSent, () -> server.flush(), this::adjust, this::close);
  }

  ChannelHandler serverSide() {
    return new Side(this::serverSent, client::flush, this::adjust, this::lost);
  }

  /** Where it stands, commands under way included. */
  Boundary boundary() {
    var boundary = state.boundary();
    if (!requests.underWay() && responses.outstanding() == 0) {
      return boundary;
    }
    var hindrances = EnumSet.of(Hindrance.COMMAND);
    hindrances.addAll(boundary.hindrances());
    return new Boundary(hindrances, stopwatch.running(), boundary.inTransaction());
  }

  Traffic.SessionStatus status() {
    return new Traffic.SessionStatus(
        connectionId,
        String.valueOf(client.remoteAddress()),
        entry.request().userName(),
        state.schema(),
        backend.server(),
        boundary(),
        parked);
  }

  boolean tracks() {
    return tracks;
  }

  long connectionId() {
    return connectionId;
  }

  /** How it came in, the secret included. */
  ServerLogin.Entry entry() {
    return entry;
  }

  Backend backend() {
    return backend;
  }

  /** What it takes to make it again elsewhere; at its boundary only. */
  Known known() {
    return state.known();
  }

  boolean tracked() {
    return state.tracked();
  }

  /** Whether it begins nothing before the release, and nothing is under way. */
  boolean standsStill() {
    return hold.held() && (!hold.gathering() || (parked && stays)) && boundary().reached();
  }

  boolean closed() {
    return closed;
  }

  /**
   * Nobody but the caller talks to the server until {@link #shared}. While it is held and rests.
   */
  void exclusive() {
    exclusive = true;
  }

  void shared() {
    exclusive = false;
    if (!hold.held() || hold.gathering()) {
      goOn();
    }
  }

  /**
   * Goes on at another server, whose session must be the same. While it is held and rests.
   *
   * @return the side that is left; its channel stays open
   */
  Backend move(Backend next) {
    var left = backend;
    server.pipeline().remove(Side.class);
    server.pipeline().addLast(new Leftover());
    var ids = state.statements().swap(next.ids());
    var leftBackend =
        new Backend(left.server(), left.channel(), left.connectionId(), state.status(), ids);
    state.moved(next.status());
    backend = next;
    server = next.channel();
    var former = server.pipeline().get(Leftover.class);
    if (former != null) {
      server.pipeline().remove(former);
    }
    server.pipeline().addLast(serverSide());
    if (!server.isActive()) {
      close();
    }
    adjust();
    return leftBackend;
  }

  /** The hold has begun or ended. */
  void holdChanged() {
    ask();
    goOn();
  }

  /** A command that has waited too long is not sent any more: the client is told, and goes. */
  private void turnAway() {
    if (hold.turnsAway() && !closed && responses.outstanding() == 0) {
      Outbound.send(client, PayloadWriter.packet(client.alloc(), 1, Notice.HELD_TOO_LONG::encode));
      close();
    }
  }

  /** Ends it on both sides, after what is on its way to either. */
  void close() {
    if (closed) {
      return;
    }
    closed = true;
    Pieces.release(waiting);
    Pieces.release(halfResponse);
    waiting = null;
    halfResponse = null;
    for (Channel side : new Channel[] {client, server}) {
      if (side.isActive()) {
        Outbound.close(side);
      }
    }
    server.closeFuture().addListener(_ -> hold.ended(this));
  }

  /** The server has gone. Whoever waits with a command is told; the command was never sent. */
  private void lost() {
    if (!closed && parked && client.isActive()) {
      var error = new ErrPacket(SHUTDOWN, "08S01", "The server has closed the connection");
      Outbound.write(client, PayloadWriter.packet(client.alloc(), 1, error::encode));
    }
    close();
  }

  private void clientSent(ByteBuf buffer) {
    if (closed) {
      buffer.release();
      return;
    }
    meter.fromClient(buffer.readableBytes());
    waiting = Pieces.joined(waiting, buffer);
    if (!parked) {
      forward();
    }
  }

  private void forward() {
    var buffer = waiting;
    if (buffer != null) {
      waiting = null;
      buffer = passOn(fromClient, buffer, server);
      while (buffer != null && requests.rewrites()) {
        buffer = passOn(fromClient, requests.rewritten(buffer), server);
      }
      waiting = buffer;
    }
    if (changing && buffer != null) {
      changeUser(buffer);
      return;
    }
    if (parked) {
      ask();
      turnAway();
    }
    if (stays) {
      hold.settled(this);
    }
    adjust();
  }

  /** This session ends without a word; the command, and what comes, is another's. */
  private void changeUser(ByteBuf command) {
    closed = true;
    waiting = null;
    hold.changesUser(this, client, server, command);
  }

  /** Which command may pass when, and whom it means. */
  private final class Order implements Requests.Turn {
    @Override
    public boolean mayPass(int command, boolean fleeting) {
      return Session.this.mayPass(command, fleeting);
    }

    @Override
    public boolean gathers() {
      return hold.held() && hold.gathering();
    }

    @Override
    public boolean idsDiffer() {
      return hold.ids().differ();
    }

    @Override
    public long serversId(long id) {
      return hold.ids().servers(id);
    }
  }

  private boolean mayPass(int command, boolean fleeting) {
    if (command == Requests.QUIT) {
      return true; // a client that goes need not wait
    }
    stays = hold.held() && rests() && !(fleeting && passesWhileGathering());
    parked =
        stays
            || resetting
            || exclusive
            || state.misled()
            || responses.own()
            || responses.outstanding() >= MOST_OUTSTANDING
            || (command == Requests.CHANGE_USER && responses.outstanding() > 0);
    if (!parked) {
      asked = false;
      resetting = command == Requests.RESET && state.tracked();
    }
    changing = !parked && command == Requests.CHANGE_USER;
    return !parked && !changing;
  }

  /** What was sent before may have changed whether the next statement is on its own. */
  private boolean passesWhileGathering() {
    return !state.uncertain() && state.autocommits() && responses.outstanding() == 0;
  }

  /** At a boundary, or perhaps so once it is known what the commands under way have done. */
  private boolean rests() {
    return state.boundary().reached() || (state.uncertain() && !asked);
  }

  private void serverSent(ByteBuf buffer) {
    if (closed) {
      buffer.release();
      return;
    }
    meter.fromServer(buffer.readableBytes());
    var whole = Pieces.joined(halfResponse, buffer);
    halfResponse = null;
    halfResponse =
        responses.own() ? Pieces.rest(whole, Pieces.scan(fromServer, whole)) : answer(whole);
    ask();
    if (parked) {
      goOn();
    }
    if (hold.held()) {
      hold.settled(this);
    }
  }

  /** Passes on what the client is to see. Takes the buffer over. */
  private @Nullable ByteBuf answer(ByteBuf buffer) {
    if (tracks) {
      return passOn(fromServer, buffer, client);
    }
    int stop = Pieces.scan(fromServer, buffer);
    var cut = responses.cut();
    if (cut.isEmpty() && stop == buffer.writerIndex()) {
      Outbound.write(client, buffer);
      return null;
    }
    cut.keep(buffer, buffer.readerIndex(), stop, this::write);
    return Pieces.rest(buffer, stop);
  }

  private void write(ByteBuf slice) {
    Outbound.write(client, slice.retain());
  }

  /** Asks the server what the proxy must know, when nothing else is under way. */
  private void ask() {
    if (requests.underWay() || responses.outstanding() > 0 || exclusive) {
      return;
    }
    if (resetting || state.misled()) {
      resetting = false;
      state.corrected();
      send(Command.Kind.QUERY, writer -> Tracking.write(writer, capabilities));
      send(Command.Kind.QUERY, writer -> Tracking.writeParsing(writer, capabilities));
    } else if (hold.held() && state.uncertain() && !asked) {
      // An OK tells whether a transaction is open, and a ping changes nothing.
      asked = true;
      send(Command.Kind.SIMPLE, writer -> writer.int1(PING));
    }
  }

  private void send(Command.Kind kind, Consumer<PayloadWriter> payload) {
    responses.expect(Command.own(kind));
    Outbound.send(server, PayloadWriter.packet(server.alloc(), 0, payload));
  }

  private void goOn() {
    if (parked && !closed) {
      parked = false;
      forward();
      server.flush();
    }
  }

  /** Neither side sends more than the other takes. */
  private void adjust() {
    client.config().setAutoRead(!parked && server.isWritable());
    server.config().setAutoRead(client.isWritable());
  }

  /** Writes what may pass and gives back the rest. Takes the buffer over. */
  private static @Nullable ByteBuf passOn(PacketScanner scanner, ByteBuf buffer, Channel to) {
    int stop = Pieces.scan(scanner, buffer);
    if (stop == buffer.writerIndex()) {
      Outbound.write(to, buffer);
      return null;
    }
    int length = stop - buffer.readerIndex();
    if (length > 0) {
      Outbound.write(to, buffer.retainedSlice(buffer.readerIndex(), length));
    }
    return Pieces.rest(buffer, stop);
  }
}
