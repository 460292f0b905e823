package dev.halcyon.pair;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Failure;
import dev.halcyon.model.Refusal;
import dev.halcyon.mysql.Fault;
import dev.halcyon.pair.FunnelResumption.Place;
import dev.halcyon.pair.FunnelResumption.Refuse;
import dev.halcyon.pair.FunnelResumption.RollForward;
import dev.halcyon.pair.FunnelResumption.Standing;
import dev.halcyon.pair.FunnelResumption.Undo;
import dev.halcyon.proxy.Traffic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Brings a funnel that was interrupted to an end: looks at servers and proxies, lets {@link
 * FunnelResumption} decide, and acts. Every act can be done again. For one thread.
 */
final class FunnelSettlement {
  private final Grips grips;
  private final PairJournal journal;
  private final Map<String, Traffic> proxies;
  private final PairSettings settings;

  FunnelSettlement(
      Grips grips, PairJournal journal, Map<String, Traffic> proxies, PairSettings settings) {
    this.grips = grips;
    this.journal = journal;
    this.proxies = new LinkedHashMap<>(proxies);
    this.settings = settings;
  }

  /**
   * @param forward whether clients are where they are led to
   */
  record Result(boolean forward, List<String> notes) {}

  /**
   * @param reason why it is undone, if it is
   * @throws Failure HAL-725 if nobody can know; nothing was changed then
   */
  Result settle(PairRecord record, String reason) throws InterruptedException {
    var from = grips.refreshed(grips.pair().member(record.from()));
    var to = grips.refreshed(grips.pair().member(record.to()));
    boolean back = record.kind() == PairRecord.Kind.RETURN;
    var moved = moved(record);
    var standing =
        new Standing(
            back,
            record.state(),
            Settlement.sight(from),
            Settlement.sight(to),
            place(record, moved));
    var notes = new ArrayList<String>();
    try {
      switch (FunnelResumption.of(standing)) {
        case Undo() -> {
          undo(record, back, from.orElseThrow(), to.orElseThrow(), moved, notes);
          noted(record.undone(reason), notes);
          return new Result(false, notes);
        }
        case RollForward() -> {
          rollForward(record, back, from.orElseThrow(), to.orElseThrow(), moved, notes);
          noted(record.in(PairState.DONE), notes);
          return new Result(true, notes);
        }
        case Refuse(String why) -> throw uncertain(record, why, null);
      }
    } catch (Fault fault) {
      throw uncertain(record, fault.detail(), fault);
    }
  }

  private void undo(
      PairRecord record, boolean back, Grip from, Grip to, List<Traffic> moved, List<String> notes)
      throws InterruptedException {
    if (back) {
      lead(moved, record.from(), notes);
      Fence.close(to.session());
    } else {
      if (Fence.closed(from.session())) {
        Fence.open(from.session());
      }
      Fence.unlock(from.session());
      lead(moved, record.from(), notes);
    }
    notes.addAll(ScheduledEvents.start(from, Belongings.of(record).events()));
  }

  private void rollForward(
      PairRecord record, boolean back, Grip from, Grip to, List<Traffic> moved, List<String> notes)
      throws InterruptedException {
    OwnTransactions.awaitOn(to.session(), from.session(), settings.catchUp(), () -> {});
    lead(moved, record.to(), notes);
    if (!back) {
      notes.addAll(Leftovers.end(from.session()));
      Fence.unlock(from.session());
    }
    var events = Belongings.of(record).events();
    ScheduledEvents.stop(from, events);
    notes.addAll(ScheduledEvents.start(to, events));
  }

  private void lead(List<Traffic> moved, String server, List<String> notes)
      throws InterruptedException {
    for (Traffic proxy : moved) {
      Settlement.lead(proxy, server, settings, notes);
    }
  }

  private void noted(PairRecord record, List<String> notes) {
    journal
        .writeWhereSeen(record)
        .forEach(name -> notes.add(name + " could not be told how it ended"));
  }

  /** The proxies whose clients the operation moves, as far as they are still in the settings. */
  private List<Traffic> moved(PairRecord record) {
    return Belongings.of(record).at(record.from()).stream()
        .flatMap(name -> Optional.ofNullable(proxies.get(name)).stream())
        .toList();
  }

  private static Place place(PairRecord record, List<Traffic> moved) {
    var places = new TreeSet<String>();
    try {
      moved.forEach(proxy -> places.add(proxy.status().server()));
    } catch (Failure | Refusal silent) {
      return Place.UNSEEN;
    }
    if (places.size() > 1) {
      return Place.BETWEEN;
    }
    if (places.isEmpty() && record.state() == PairState.COMMITTED) {
      return Place.TARGET;
    }
    return places.contains(record.to()) ? Place.TARGET : Place.SOURCE;
  }

  private static Failure uncertain(PairRecord record, String why, @Nullable Throwable cause) {
    return new Failure(
        ErrorCode.PAIR_UNCERTAIN,
        record.title(),
        why,
        "The journal says "
            + record.state().label()
            + "; clients of the proxies are where these say.",
        "Bring back what does not answer, then halcyon pair abort",
        cause);
  }
}
