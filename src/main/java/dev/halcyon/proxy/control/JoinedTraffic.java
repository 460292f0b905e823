package dev.halcyon.proxy.control;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Refusal;
import dev.halcyon.proxy.Traffic;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A proxy and the older process that it has taken over from, which still serves its sessions: one
 * traffic. A hold covers the sessions of both, so that no client is missed. Once the older process
 * has ended it is forgotten; one that does not answer is not, and nothing is held without it.
 *
 * <p>Thread-safe.
 */
public final class JoinedTraffic implements Traffic {
  private static final Logger log = LoggerFactory.getLogger(JoinedTraffic.class);

  private final Traffic own;
  private volatile @Nullable Traffic older;

  /**
   * @param own the one that lets new clients in
   * @param older null for none
   */
  public JoinedTraffic(Traffic own, @Nullable Traffic older) {
    this.own = own;
    this.older = older;
  }

  /** Whether there is an older process. */
  public boolean isJoined() {
    return ofOlder(Traffic::status).isPresent();
  }

  /** Whether it is certain that there is no older process any more. */
  public boolean isAlone() {
    try {
      return !isJoined();
    } catch (Refusal silent) {
      log.debug("The older process does not answer", silent);
      return false;
    }
  }

  @Override
  public void hold(Duration lease) {
    boolean joined = ofOlder(traffic -> done(() -> traffic.hold(lease))).isPresent();
    try {
      own.hold(lease);
    } catch (RuntimeException refused) {
      if (joined) {
        ofOlder(traffic -> done(traffic::release));
      }
      throw refused;
    }
  }

  @Override
  public void renew(Duration lease) {
    ofOlder(traffic -> done(() -> traffic.renew(lease)));
    own.renew(lease);
  }

  @Override
  public void release() {
    ofOlder(traffic -> done(traffic::release));
    own.release();
  }

  @Override
  public Status status() {
    var mine = own.status();
    return ofOlder(Traffic::status).map(theirs -> joined(mine, theirs)).orElse(mine);
  }

  private static Status joined(Status mine, Status theirs) {
    return new Status(
        mine.server(),
        mine.held(),
        mine.heldFor(),
        Collections.min(List.of(mine.allHeldFor(), theirs.allHeldFor())),
        mine.gathering() || theirs.gathering(),
        mine.leaseOver() || theirs.leaseOver(),
        mine.entering() + theirs.entering(),
        mine.waiting() + theirs.waiting(),
        Stream.concat(theirs.sessions().stream(), mine.sessions().stream()).toList());
  }

  @Override
  public boolean awaitDrained(Duration patience) throws InterruptedException {
    return inTurn(patience, Traffic::awaitDrained);
  }

  @Override
  public boolean closeStragglers(Duration patience) throws InterruptedException {
    return inTurn(patience, Traffic::closeStragglers);
  }

  @Override
  public Moves prepare(String server, Duration patience) throws InterruptedException {
    var theirs = movesOfOlder(traffic -> traffic.prepare(server, patience));
    return theirs.plus(own.prepare(server, patience));
  }

  @Override
  public void forget() {
    ofOlder(traffic -> done(traffic::forget));
    own.forget();
  }

  @Override
  public Moves repoint(String server, Immovable policy, Duration patience)
      throws InterruptedException {
    String before = own.status().server();
    var theirs = movesOfOlder(traffic -> traffic.repoint(server, policy, patience));
    if (!theirs.complete()) {
      return theirs;
    }
    var mine = own.repoint(server, policy, patience);
    if (!mine.complete()) {
      var back = movesOfOlder(traffic -> traffic.repoint(before, Immovable.GIVE_UP, patience));
      if (!back.complete()) {
        throw new IllegalStateException(
            "The sessions of the older process are at %s, the others at %s; repoint once more"
                .formatted(server, before));
      }
    }
    return theirs.plus(mine);
  }

  /** What {@link Traffic}'s methods that wait have in common. */
  private interface Wait<T> {
    T of(Traffic traffic) throws InterruptedException;
  }

  private interface TimedWait {
    boolean of(Traffic traffic, Duration patience) throws InterruptedException;
  }

  private boolean inTurn(Duration patience, TimedWait wait) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    var waiting = waiting(traffic -> wait.of(traffic, patience));
    if (waiting.isPresent() && !waiting.get()) {
      return false;
    }
    return wait.of(own, Duration.ofNanos(Math.max(0, end - System.nanoTime())));
  }

  private Moves movesOfOlder(Wait<Moves> wait) throws InterruptedException {
    return waiting(wait).orElse(new Moves(true, List.of()));
  }

  private <T> Optional<T> waiting(Wait<T> wait) throws InterruptedException {
    var traffic = older;
    if (traffic == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(wait.of(traffic));
    } catch (Refusal refusal) {
      return gone(refusal);
    }
  }

  private <T> Optional<T> ofOlder(Function<Traffic, T> act) {
    var traffic = older;
    if (traffic == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(act.apply(traffic));
    } catch (Refusal refusal) {
      return gone(refusal);
    }
  }

  /** Nobody listens where it was: the process has ended, and its sessions with it. */
  private <T> Optional<T> gone(Refusal refusal) {
    boolean ended = refusal.findings().getFirst().code().equals(ErrorCode.PROXY_UNREACHABLE.code());
    if (!ended) {
      throw refusal;
    }
    older = null;
    return Optional.empty();
  }

  private static boolean done(Runnable act) {
    act.run();
    return true;
  }
}
