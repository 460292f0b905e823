package dev.halcyon.pair;

import dev.halcyon.model.Refusal;
import dev.halcyon.mysql.Fault;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/** The journal of the pair on both servers. For one thread. */
final class PairJournal {
  private final Grips grips;
  private final IntConsumer writes;
  private int written;

  /**
   * @param writes is told after each write, of which each server has its own, how many there were
   */
  PairJournal(Grips grips, IntConsumer writes) {
    this.grips = grips;
    this.writes = writes;
  }

  /** The last operation, by the server that knows more of it. */
  Optional<PairRecord> latest() {
    return grips.pair().members().stream()
        .flatMap(member -> grips.of(member).stream())
        .flatMap(grip -> PairTable.latest(grip.session()).stream())
        .max(Comparator.comparingLong(PairRecord::number).thenComparing(PairRecord::state));
  }

  PairRecord begin(PairRecord.Kind kind, String change, Member from, Member to) {
    long number = latest().map(PairRecord::number).orElse(0L) + 1;
    return write(
        new PairRecord(number, kind, change, from.name(), to.name(), PairState.PREPARING, "", ""));
  }

  /** On both servers, the one first that clients are led to. */
  PairRecord write(PairRecord record) {
    write(grips.required(record.to()), record);
    write(grips.required(record.from()), record);
    return record;
  }

  /** On one server. */
  PairRecord write(Grip grip, PairRecord record) {
    grip.unlogged(session -> PairTable.write(session, record));
    written++;
    writes.accept(written);
    return record;
  }

  /**
   * Wherever it can be written by now: the servers' own state tells a later reader the rest.
   *
   * @return the names of the servers that have it not
   */
  List<String> writeWhereSeen(PairRecord record) {
    var missed = new ArrayList<String>();
    for (var name : List.of(record.to(), record.from())) {
      try {
        var grip = grips.refreshed(grips.pair().member(name));
        if (grip.isEmpty()) {
          missed.add(name);
        } else {
          write(grip.get(), record);
        }
      } catch (Fault | Refusal failure) {
        missed.add(name);
      }
    }
    return missed;
  }
}
