package dev.halcyon.proxy;

import dev.halcyon.proxy.Traffic.Fate;
import dev.halcyon.proxy.Traffic.Immovable;
import dev.halcyon.proxy.Traffic.Move;
import dev.halcyon.proxy.Traffic.Moves;
import dev.halcyon.proxy.login.LoginRules;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The way of a shard's sessions to another server: one {@link Carriage} each, and a scout on either
 * side. On the shard's event loop only.
 */
final class Relocation {
  /** Logins under way at a time in all shards; more would only queue at the server. */
  private static final int LOGINS = 32;

  /** States under way at a time: each takes memory, and servers have few processors. */
  private static final int MOST_CARRIED = 32;

  private static final int LEAST = 2;

  private final ProxySettings settings;
  private final LoginRules rules;
  private final ProxyLoop loop;
  private final String from;
  private final String to;
  private final Runnable changed;
  private final Map<Session, Carriage> carriages = new LinkedHashMap<>();
  private final ArrayDeque<Carriage> waiting = new ArrayDeque<>();
  private final Set<Carriage> opening = new HashSet<>();
  private final Set<Carriage> carrying = new HashSet<>();
  private final Map<Session, Session.Backend> left;

  private @Nullable Scout here;
  private @Nullable Scout there;

  /** Why nothing can be learnt about the one server and the other; empty if it can. */
  private String lostHere = "";

  private String lostThere = "";
  private boolean asking;
  private boolean over;

  /**
   * @param left by moves to the present server, to go back to
   * @param changed runs when it is further than before
   */
  Relocation(
      ProxySettings settings,
      LoginRules rules,
      ProxyLoop loop,
      String from,
      String to,
      Map<Session, Session.Backend> left,
      Runnable changed) {
    this.settings = settings;
    this.rules = rules;
    this.loop = loop;
    this.from = from;
    this.to = to;
    this.left = left;
    this.changed = changed;
  }

  /** Whether it leads there, as far as is known. */
  boolean leadsTo(String target) {
    return reason().isEmpty() && to.equals(target) && isAlive(here) && isAlive(there);
  }

  /** Whether that server is there, whatever has become of the other one. */
  boolean reaches(String target) {
    var scout = there;
    return to.equals(target) && lostThere.isEmpty() && scout != null && scout.isAlive();
  }

  private static boolean isAlive(@Nullable Scout scout) {
    return scout == null || scout.isAlive();
  }

  /** What has failed may have been mended. */
  void retry() {
    for (var carriage : List.copyOf(carriages.values())) {
      if (carriage.isFailed()) {
        add(carriage.session(), new Carriage(carriage.session(), new Way()));
      }
    }
    openNext();
  }

  void begin(Collection<Session> sessions) {
    sessions.forEach(this::joined);
    scout(from, scout -> here = scout);
    scout(to, scout -> there = scout);
  }

  private void scout(String name, Consumer<Scout> found) {
    Scout.send(
        loop,
        rules,
        address(name),
        settings.accounts(),
        new Scout.Sender() {
          @Override
          public void back(Scout scout) {
            if (over) {
              scout.leave();
              return;
            }
            found.accept(scout);
            proceed();
          }

          @Override
          public void lost(String why) {
            var clause = "nothing can be learnt about server " + name + ": " + why;
            if (name.equals(to)) {
              lostThere = clause;
            } else {
              lostHere = clause;
            }
            changed.run();
          }
        });
  }

  private InetSocketAddress address(String name) {
    return Objects.requireNonNull(settings.servers().get(name));
  }

  /** A session has begun. */
  void joined(Session session) {
    var back = left.get(session);
    add(
        session,
        back == null ? new Carriage(session, new Way()) : new Carriage(session, new Way(), back));
    openNext();
  }

  /** A session has ended. */
  void ended(Session session) {
    var carriage = carriages.remove(session);
    if (carriage != null) {
      carriage.abandon();
      opening.remove(carriage);
      carrying.remove(carriage);
      proceed();
    }
  }

  private void proceed() {
    var one = here;
    var other = there;
    if (one != null && other != null && one.mariadb() != other.mariadb()) {
      lostThere = "the servers are not of the same make";
    }
    openNext();
    changed.run();
  }

  private void openNext() {
    if (here == null || there == null || over || !reason().isEmpty()) {
      return;
    }
    while (opening.size() < share(LOGINS) && !waiting.isEmpty()) {
      var carriage = waiting.removeFirst();
      if (carriage.waits()) {
        opening.add(carriage);
        carriage.open();
      }
    }
  }

  /** A shard's part of what is allowed to all. */
  private int share(int all) {
    return Math.max(LEAST, all / settings.threads());
  }

  private void add(Session session, Carriage carriage) {
    carriages.put(session, carriage);
    if (carriage.waits()) {
      waiting.addLast(carriage);
    }
  }

  /** Whether each session has another one ready for it, or cannot have. */
  boolean settledOpen() {
    return settled(Carriage::settledOpen);
  }

  /** Whether each session is the same there, or cannot be. */
  boolean settledCarried() {
    return settled(Carriage::settledCarried);
  }

  private boolean settled(Predicate<Carriage> of) {
    if (!lostThere.isEmpty()) {
      return true;
    }
    if (there == null || carriages.isEmpty()) {
      return there != null;
    }
    return !lostHere.isEmpty() || (here != null && carriages.values().stream().allMatch(of));
  }

  /** Carries the state of those that are open and stand still. */
  void carry() {
    var scout = here;
    if (scout == null || asking || over || carrying.size() >= share(MOST_CARRIED)) {
      return;
    }
    var next =
        carriages.values().stream()
            .filter(Carriage::canBeCarried)
            .limit(share(MOST_CARRIED) - carrying.size())
            .toList();
    if (next.isEmpty()) {
      return;
    }
    asking = true;
    scout.look(
        seen -> {
          asking = false;
          for (var carriage : next) {
            if (carriage.canBeCarried()) {
              long id = carriage.session().backend().connectionId();
              carrying.add(carriage);
              carriage.carry(
                  seen.userVariables().map(names -> names.getOrDefault(id, List.of())),
                  seen.lockers().contains(id));
            }
          }
          changed.run();
        });
  }

  /** What has become of each session, or is to become of it. */
  Moves look(Predicate<Carriage> ready) {
    var moves = new ArrayList<Move>();
    boolean all = lostThere.isEmpty();
    for (var carriage : carriages.values()) {
      boolean one = reason().isEmpty() && ready.test(carriage);
      all &= one;
      moves.add(
          one
              ? move(carriage.session(), Fate.READY, "")
              : move(carriage.session(), Fate.KEPT, why(carriage)));
    }
    return new Moves(all, moves, reason());
  }

  /** What stands against all. */
  private String reason() {
    return lostThere.isEmpty() ? lostHere : lostThere;
  }

  private String why(Carriage carriage) {
    if (!reason().isEmpty()) {
      return reason();
    }
    return carriage.reason().isEmpty()
        ? "the other server has not been ready for it in time"
        : carriage.reason();
  }

  /** Whether {@link #move} would move the sessions now. */
  boolean canMove(Immovable policy) {
    return lostThere.isEmpty()
        && switch (policy) {
          case CLOSE -> true;
          case GIVE_UP -> carriages.values().stream().allMatch(Carriage::isCarried);
        };
  }

  /**
   * Lets those go on there that are the same there.
   *
   * @return empty if nobody is moved, because not all can be; else what each has left
   */
  Optional<Map<Session, Session.Backend>> move(Immovable policy, List<Move> moves) {
    if (!canMove(policy)) {
      moves.addAll(look(Carriage::isCarried).sessions());
      return Optional.empty();
    }
    var leaving = new LinkedHashMap<Session, Session.Backend>();
    for (var carriage : List.copyOf(carriages.values())) {
      var session = carriage.session();
      if (carriage.isCarried()) {
        leaving.put(session, carriage.move());
        moves.add(move(session, Fate.MOVED, ""));
      } else {
        moves.add(move(session, Fate.CLOSED, why(carriage)));
        session.close();
      }
    }
    return Optional.of(leaving);
  }

  private static Move move(Session session, Fate fate, String why) {
    var status = session.status();
    return new Move(status.connectionId(), status.client(), status.user(), fate, why);
  }

  /** The clients go on: what was carried no longer holds. */
  void released() {
    for (var session : List.copyOf(carriages.keySet())) {
      var carriage = carriages.get(session);
      if (carriage != null && carriage.settledOpen() && !carriage.isOpen()) {
        carriage.abandon();
        carrying.remove(carriage);
        add(session, new Carriage(session, new Way()));
      }
    }
    openNext();
  }

  /** Closes what is open and not used. */
  void close() {
    over = true;
    carriages.values().forEach(Carriage::abandon);
    carriages.clear();
    if (here != null) {
      here.leave();
    }
    if (there != null) {
      there.leave();
    }
  }

  private final class Way implements Carriage.Road {
    @Override
    public String name() {
      return to;
    }

    @Override
    public InetSocketAddress address() {
      return Relocation.this.address(to);
    }

    @Override
    public ProxyLoop loop() {
      return loop;
    }

    @Override
    public Scout here() {
      return known(here);
    }

    @Override
    public Scout there() {
      return known(there);
    }

    private Scout known(@Nullable Scout scout) {
      if (scout == null) {
        throw new IllegalStateException("The scouts are not back");
      }
      return scout;
    }

    @Override
    public LoginRules rules() {
      return rules;
    }

    @Override
    public void changed(Carriage carriage) {
      if (carriage.settledOpen() && opening.remove(carriage)) {
        openNext();
      }
      if (carriage.settledCarried()) {
        carrying.remove(carriage);
      }
      changed.run();
    }
  }
}
