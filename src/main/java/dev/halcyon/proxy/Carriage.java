package dev.halcyon.proxy;

import dev.halcyon.proxy.login.LoginRules;
import dev.halcyon.proxy.move.Copy;
import dev.halcyon.proxy.move.Known;
import dev.halcyon.proxy.move.Portrait;
import dev.halcyon.proxy.wire.Capabilities;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One session's way to another server. On the event loop only. */
final class Carriage {
  private static final long LOGIN = Capabilities.PLUGIN_AUTH | Capabilities.SECURE_CONNECTION;

  private final Session session;
  private final Road road;

  private Stage stage = Stage.WAITING;
  private String reason = "";
  private ServerDoor.@Nullable Opened standby;
  private @Nullable Portrait fresh;
  private Session.@Nullable Backend next;

  /** How far it is. */
  private enum Stage {
    WAITING,
    OPENING,
    /** A fresh session stands ready. */
    OPEN,
    /** Its state is being read and made. */
    CARRYING,
    /** The other server's session is the same. */
    CARRIED,
    FAILED,
    OVER
  }

  /** What it needs to know of where it goes. */
  interface Road {
    String name();

    InetSocketAddress address();

    ProxyLoop loop();

    Scout here();

    Scout there();

    LoginRules rules();

    /** It is another stage further. */
    void changed(Carriage carriage);
  }

  Carriage(Session session, Road road) {
    this.session = session;
    this.road = road;
  }

  /** On the way back to a server that was left and where nothing has changed. */
  Carriage(Session session, Road road, Session.Backend left) {
    this(session, road);
    if (left.channel().isActive()) {
      next = left;
      stage = Stage.CARRIED;
    }
  }

  Session session() {
    return session;
  }

  boolean waits() {
    return stage == Stage.WAITING;
  }

  /** Whether it is not on its way to be open, for good or bad. */
  boolean settledOpen() {
    return switch (stage) {
      case WAITING, OPENING -> false;
      case OPEN, CARRYING, CARRIED, FAILED, OVER -> true;
    };
  }

  boolean settledCarried() {
    return switch (stage) {
      case WAITING, OPENING, OPEN, CARRYING -> false;
      case CARRIED, FAILED, OVER -> true;
    };
  }

  boolean isOpen() {
    return stage == Stage.OPEN;
  }

  boolean isReady() {
    return isOpen() || stage == Stage.CARRYING || isCarried();
  }

  /** Whether its session's state may be read and made there now. */
  boolean canBeCarried() {
    return isOpen() && session.standsStill();
  }

  boolean isFailed() {
    return stage == Stage.FAILED;
  }

  boolean isCarried() {
    var there = next;
    return stage == Stage.CARRIED && there != null && there.channel().isActive();
  }

  /** A clause; empty if nothing stands against it. */
  String reason() {
    return reason;
  }

  void open() {
    stage = Stage.OPENING;
    var request = session.entry().request();
    if (!session.tracked()) {
      fail("its client does not let the server tell of changes");
    } else {
      ServerDoor.open(
          road.loop(),
          road.rules(),
          road.address(),
          _ -> request.withoutSchema().with(LOGIN),
          session.entry().secret(),
          new Opening());
    }
  }

  private final class Opening implements ServerDoor.Caller, Portrait.Viewer {
    @Override
    public void opened(ServerDoor.Opened opened) {
      if (stage == Stage.OVER) {
        ServerDoor.leave(opened.channel());
        return;
      }
      standby = opened;
      opened.channel().closeFuture().addListener(_ -> closed());
      Portrait.ofFresh(
          opened.channel(), opened.entry().capabilities(), road.there().catalog(), this);
    }

    @Override
    public void seen(Portrait portrait) {
      if (stage == Stage.OPENING) {
        fresh = portrait;
        become(Stage.OPEN);
      }
    }

    @Override
    public void unseen(String why) {
      fail(why);
    }

    @Override
    public void refused(String why) {
      fail(why);
    }
  }

  private void closed() {
    if (stage == Stage.OPEN || stage == Stage.CARRIED) {
      fail("the server has closed the session that was prepared");
    }
  }

  /**
   * Reads the session's state and makes it there. While it is held and rests.
   *
   * @param userVariables the names of the session's own, if the scout has told them
   * @param locks whether it has a lock of GET_LOCK, which no text has shown
   */
  void carry(Optional<List<String>> userVariables, boolean locks) {
    stage = Stage.CARRYING;
    if (locks) {
      fail("a routine has taken a lock of GET_LOCK for it");
      return;
    }
    if (userVariables.isEmpty() && !road.here().mariadb()) {
      fail(
          "none of the proxy's accounts may read performance_schema.user_variables_by_thread and"
              + " performance_schema.threads, so its user variables are not known");
      return;
    }
    var known = session.known();
    session.exclusive();
    Portrait.of(
        session.backend().channel(),
        session.entry().request().capabilities(),
        road.here().catalog(),
        known,
        userVariables.orElse(null),
        new Portrait.Viewer() {
          @Override
          public void seen(Portrait portrait) {
            session.shared();
            make(portrait, known);
          }

          @Override
          public void unseen(String why) {
            session.shared();
            fail(why);
          }
        });
  }

  private void make(Portrait portrait, Known known) {
    var there = standby;
    var before = fresh;
    if (stage != Stage.CARRYING || there == null || before == null) {
      return;
    }
    Copy.make(
        there.channel(),
        there.entry().capabilities(),
        portrait,
        known,
        before,
        road.there().catalog(),
        new Copy.Maker() {
          @Override
          public void made(int status, Map<Integer, Integer> statements) {
            next =
                new Session.Backend(
                    road.name(),
                    there.channel(),
                    there.connectionId(),
                    status,
                    Statements.fresh(statements));
            become(Stage.CARRIED);
          }

          @Override
          public void failed(String why) {
            fail(why);
          }
        });
  }

  /** The session goes on there; the side that it has left. */
  Session.Backend move() {
    var there = next;
    if (there == null) {
      throw new IllegalStateException("Nothing has been carried");
    }
    stage = Stage.OVER;
    return session.move(there);
  }

  /** Nothing is to come of it. */
  void abandon() {
    if (stage == Stage.OVER) {
      return;
    }
    stage = Stage.OVER;
    var there = standby;
    if (there != null) {
      ServerDoor.leave(there.channel());
    }
    var back = next;
    if (back != null) {
      ServerDoor.leave(back.channel());
    }
  }

  private void fail(String why) {
    if (stage != Stage.OVER && stage != Stage.FAILED) {
      abandon();
      reason = why;
      become(Stage.FAILED);
    }
  }

  private void become(Stage next) {
    if (stage != Stage.OVER || next == Stage.FAILED) {
      stage = next;
      road.changed(this);
    }
  }
}
