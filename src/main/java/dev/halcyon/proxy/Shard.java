package dev.halcyon.proxy;

import dev.halcyon.proxy.Traffic.Fate;
import dev.halcyon.proxy.Traffic.Immovable;
import dev.halcyon.proxy.Traffic.Moves;
import dev.halcyon.proxy.Traffic.SessionStatus;
import dev.halcyon.proxy.Traffic.Status;
import dev.halcyon.proxy.digest.Recorder;
import dev.halcyon.proxy.digest.SessionRecord;
import dev.halcyon.proxy.login.LoginRules;
import dev.halcyon.proxy.login.ServerLogin;
import dev.halcyon.proxy.wire.ErrPacket;
import dev.halcyon.proxy.wire.Outbound;
import dev.halcyon.proxy.wire.PayloadWriter;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The clients of one event loop, and all that belongs to them. On that loop only. */
final class Shard {
  /** Of all shards. Each may cost 64 KiB before it has said who it is. */
  static final int MOST_ARRIVALS = 2048;

  private final int number;
  private final ProxyLoop loop;
  private final LoginRules rules;
  private final ConnectionIds ids;
  private final boolean digests;
  private final int mostArrivals;
  private final Recorder recorder;
  private final Meter meter = new Meter(System::nanoTime);

  private final Set<Arrival> arrivals = new HashSet<>();
  private final Set<UserChange> changes = new HashSet<>();
  private final Set<Session> sessions = new LinkedHashSet<>();
  private final Entrance entrance = new Entrance(this::gate);
  private final Lasting lasting;
  private final Drains drains;
  private final Moving moving;

  private Gate gate = Gate.OPEN;

  /**
   * @param number from zero
   * @param ids those of all shards
   */
  Shard(int number, ProxySettings settings, ProxyLoop loop, LoginRules rules, ConnectionIds ids) {
    this.number = number;
    this.loop = loop;
    this.rules = rules;
    this.ids = ids;
    this.digests = settings.digests();
    this.mostArrivals = Math.max(1, MOST_ARRIVALS / settings.threads());
    this.recorder = new Recorder(System::currentTimeMillis, settings.threads());
    this.lasting =
        new Lasting(loop.thread(), System::nanoTime, Collections.unmodifiableSet(sessions));
    this.drains = new Drains(loop.thread(), new Sessions());
    this.moving = new Moving(settings, rules, loop, new Sessions());
  }

  /** What is to be seen of it at a moment. */
  record Look(String server, int entering, int waiting, List<SessionStatus> sessions) {
    /** This and what is known already. */
    Status with(Status before) {
      return new Status(
          server,
          before.held(),
          before.heldFor(),
          before.allHeldFor(),
          before.gathering(),
          before.leaseOver(),
          before.entering() + entering,
          before.waiting() + waiting,
          Stream.concat(before.sessions().stream(), sessions.stream()).toList());
    }
  }

  int number() {
    return number;
  }

  ProxyLoop loop() {
    return loop;
  }

  Meter meter() {
    return meter;
  }

  Recorder recorder() {
    return recorder;
  }

  Lasting lasting() {
    return lasting;
  }

  Drains drains() {
    return drains;
  }

  Moving moving() {
    return moving;
  }

  Look look() {
    return new Look(
        moving.server(),
        entering(),
        entrance.length(),
        sessions.stream().map(Session::status).toList());
  }

  private Gate gate() {
    return gate;
  }

  /** A client has come. */
  void arrive(Channel client) {
    if (arrivals.size() >= mostArrivals) {
      var error = new ErrPacket(1040, "08004", "Too many clients of the proxy have yet to log in");
      Outbound.send(client, PayloadWriter.packet(client.alloc(), 0, error::encode));
      Outbound.close(client);
      return;
    }
    var arrival = new Arrival(new Desk(), client);
    arrivals.add(arrival);
    arrival.begin();
  }

  /** What the hold lets pass from now on. */
  void become(Gate next) {
    var before = gate;
    gate = next;
    if (next.gathering() && !before.gathering()) {
      lasting.begin();
    } else if (!next.gathering()) {
      lasting.end();
    }
    if (next.held() != before.held() || next.turnsAway() != before.turnsAway()) {
      holdChanged();
    } else if (next.gathering() != before.gathering()) {
      moving.carrySoon();
      drains.lookSoon();
    }
  }

  private void holdChanged() {
    if (!gate.held()) {
      moving.released();
    }
    for (var session : List.copyOf(sessions)) { // one that changes its user leaves them
      session.holdChanged();
    }
    entrance.holdChanged();
    moving.carrySoon();
    drains.tell();
  }

  /** The second half of {@link Traffic#repoint}. */
  Moves repoint(Moving.Goal goal, Immovable policy) {
    var moves = moving.repoint(goal, policy);
    sessions.forEach(ids::at);
    meter.sessionsMoved(
        moves.sessions().stream().filter(move -> move.fate() == Fate.MOVED).count());
    return moves;
  }

  /** Ends all sessions. */
  void close() {
    List.copyOf(sessions).forEach(Session::close);
    drains.giveUp();
  }

  private int entering() {
    return changes.size() + (int) arrivals.stream().filter(Arrival::entering).count();
  }

  /** What a move and a drain see of the shard. */
  private final class Sessions implements Moving.Ground, Drains.View {
    @Override
    public Collection<Session> sessions() {
      return sessions;
    }

    @Override
    public boolean held() {
      return gate.held();
    }

    @Override
    public boolean drained() {
      return gate.shut()
          && entering() == 0
          && sessions.stream().allMatch(session -> session.boundary().reached());
    }

    @Override
    public void closeIdle() {
      for (var session : List.copyOf(sessions)) {
        var boundary = session.boundary();
        if (!boundary.reached() && !boundary.hindrances().contains(Hindrance.COMMAND)) {
          session.close();
        }
      }
    }
  }

  /** What arrivals and sessions see of the shard. */
  private final class Desk implements Arrival.Reception, UserChange.Place, Session.Hold {
    @Override
    public LoginRules rules() {
      return rules;
    }

    @Override
    public ProxyLoop loop() {
      return loop;
    }

    @Override
    public InetSocketAddress server() {
      return moving.address();
    }

    @Override
    public void whenOpen(Arrival arrival, Runnable entry, Consumer<ErrPacket> refusal) {
      entrance.come(arrival, entry, refusal);
    }

    @Override
    public Session opened(
        Channel client,
        Channel server,
        ServerLogin.Entry entry,
        long connectionId,
        boolean tracks) {
      return begun(client, server, entry, connectionId, entry.connectionId(), tracks);
    }

    /** At the server that clients are led to. */
    private Session begun(
        Channel client,
        Channel server,
        ServerLogin.Entry entry,
        long connectionId,
        long serversId,
        boolean tracks) {
      var backend =
          new Session.Backend(
              moving.server(), server, serversId, entry.status(), Statements.fresh(Map.of()));
      return begun(client, backend, entry, connectionId, tracks);
    }

    private Session begun(
        Channel client,
        Session.Backend backend,
        ServerLogin.Entry entry,
        long connectionId,
        boolean tracks) {
      var address = ((InetSocketAddress) client.remoteAddress()).getAddress();
      var record =
          new SessionRecord(
              digests ? recorder : null,
              entry.request().userName(),
              address.getHostAddress(),
              new String(entry.request().schema().toArray(), StandardCharsets.UTF_8),
              entry.tracked());
      var session =
          new Session(client, backend, entry, connectionId, tracks, this, record, System::nanoTime);
      sessions.add(session);
      ids.at(session);
      meter.sessionOpened();
      moving.joined(session);
      return session;
    }

    @Override
    public void changesUser(Session session, Channel client, Channel server, ByteBuf command) {
      sessions.remove(session);
      moving.ended(session);
      var change = new UserChange(this, session, client, server);
      changes.add(change);
      change.begin(command);
    }

    @Override
    public Session changed(
        Session before, Channel client, Channel server, ServerLogin.Entry entry) {
      long there = before.backend().connectionId();
      return begun(client, server, entry, before.connectionId(), there, before.tracks());
    }

    @Override
    public void ended(UserChange change) {
      changes.remove(change);
      drains.lookSoon();
    }

    @Override
    public void ended(Arrival arrival) {
      arrivals.remove(arrival);
      entrance.left(arrival);
      drains.lookSoon();
    }

    @Override
    public boolean held() {
      return gate.held();
    }

    @Override
    public boolean gathering() {
      return gate.gathering();
    }

    @Override
    public Meter meter() {
      return meter;
    }

    @Override
    public boolean turnsAway() {
      return gate.turnsAway();
    }

    @Override
    public void settled(Session session) {
      lasting.settled(session);
      moving.carrySoon();
      drains.lookSoon();
    }

    @Override
    public ConnectionIds ids() {
      return ids;
    }

    @Override
    public void ended(Session session) {
      sessions.remove(session);
      ids.free(session.connectionId());
      moving.ended(session);
      lasting.settled(session);
      drains.lookSoon();
    }
  }
}
