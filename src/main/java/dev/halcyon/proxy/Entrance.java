package dev.halcyon.proxy;

import dev.halcyon.proxy.wire.ErrPacket;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * New sessions wait here while clients are held, once they are gathered. On the event loop only.
 */
final class Entrance {
  private final Supplier<Gate> gate;
  private final SequencedMap<Arrival, Entrant> waiting = new LinkedHashMap<>();

  private record Entrant(Runnable entry, Consumer<ErrPacket> refusal) {}

  Entrance(Supplier<Gate> gate) {
    this.gate = gate;
  }

  /** How many wait. */
  int length() {
    return waiting.size();
  }

  /**
   * Lets it in now or once clients are released.
   *
   * @param refusal runs if that takes too long
   */
  void come(Arrival arrival, Runnable entry, Consumer<ErrPacket> refusal) {
    if (gate.get().turnsAway()) {
      refusal.accept(Notice.HELD_TOO_LONG);
    } else if (gate.get().shut()) {
      waiting.put(arrival, new Entrant(entry, refusal));
    } else {
      entry.run();
    }
  }

  /** It does not wait any more. */
  void left(Arrival arrival) {
    waiting.remove(arrival);
  }

  void holdChanged() {
    while (!gate.get().held() && !waiting.isEmpty()) {
      waiting.pollFirstEntry().getValue().entry().run();
    }
    while (gate.get().turnsAway() && !waiting.isEmpty()) {
      waiting.pollFirstEntry().getValue().refusal().accept(Notice.HELD_TOO_LONG);
    }
  }
}
