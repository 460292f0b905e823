package dev.halcyon.pair;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Refusal;
import dev.halcyon.mysql.Fault;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A controller's grips on both servers, as far as they answer. For one thread. */
final class Grips implements AutoCloseable {
  private final Pair pair;
  private final Map<Member, Grip> held = new HashMap<>();
  private final Map<Member, Long> former = new HashMap<>();
  private final Map<Member, String> reasons = new HashMap<>();

  private Grips(Pair pair) {
    this.pair = pair;
  }

  /**
   * @throws Refusal HAL-601 if another controller is at work
   */
  static Grips take(Pair pair) {
    var grips = new Grips(pair);
    try {
      pair.members().forEach(grips::reach);
    } catch (RuntimeException failure) {
      grips.close();
      throw failure;
    }
    return grips;
  }

  Pair pair() {
    return pair;
  }

  /** Empty if the server does not answer. */
  Optional<Grip> of(Member member) {
    return Optional.ofNullable(held.get(member));
  }

  /**
   * @throws Refusal HAL-110 if the server does not answer
   */
  Grip required(Member member) {
    return of(member)
        .orElseThrow(
            () ->
                ErrorCode.UNREACHABLE.refuse(
                    member + " cannot be looked at: " + reasons.get(member),
                    "Bring it back first."));
  }

  Grip required(String name) {
    return required(pair.member(name));
  }

  /** A new grip where the old one is lost, if the server answers by now. */
  Optional<Grip> refreshed(Member member) {
    var grip = held.get(member);
    if (grip != null && !alive(grip)) {
      former.put(member, grip.session().connectionId());
      grip.close();
      held.remove(member);
    }
    if (!held.containsKey(member)) {
      reach(member);
    }
    return of(member);
  }

  private static boolean alive(Grip grip) {
    try {
      return grip.session().first("SELECT 1").isPresent();
    } catch (Fault lost) {
      return false;
    }
  }

  private void reach(Member member) {
    try {
      held.put(member, Grip.take(member, former.getOrDefault(member, 0L)));
    } catch (Fault fault) {
      reasons.put(member, fault.words());
    } catch (Refusal refusal) {
      var finding = refusal.findings().getFirst();
      if (finding.code().equals(ErrorCode.LEASE_HELD.code())) {
        throw refusal;
      }
      reasons.put(member, finding.message());
    }
  }

  @Override
  public void close() {
    held.values().forEach(Grip::close);
  }
}
