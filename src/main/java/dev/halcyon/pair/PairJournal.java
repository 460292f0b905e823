package dev.halcyon.pair;

import dev.halcyon.model.Refusal;
import dev.halcyon.mysql.Fault;
import dev.halcyon.pair.judge.Mode;
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

  /**
   * The last operation, if one of the servers does not know its end: then the servers themselves
   * tell what became of it.
   */
  Optional<PairRecord> unfinished() {
    var all = seen();
    var last = all.stream().mapToLong(PairRecord::number).max();
    var same = all.stream().filter(one -> one.number() == last.orElseThrow()).toList();
    var open =
        same.stream()
            .filter(one -> one.state().unfinished())
            .max(Comparator.comparing(PairRecord::state));
    boolean done = same.stream().anyMatch(one -> one.state() == PairState.DONE);
    return open.map(one -> done ? one.in(PairState.COMMITTED) : one);
  }

  private List<PairRecord> seen() {
    return grips.pair().members().stream()
        .flatMap(member -> grips.of(member).stream())
        .flatMap(grip -> PairTable.latest(grip.session()).stream())
        .toList();
  }

  PairRecord begin(PairRecord.Kind kind, Mode mode, String change, Member from, Member to) {
    long number = seen().stream().mapToLong(PairRecord::number).max().orElse(0) + 1;
    for (var member : List.of(from, to)) {
      grips.required(member).unlogged(PairTable::create);
    }
    return write(
        new PairRecord(
            number, kind, mode, change, from.name(), to.name(), PairState.PREPARING, "", ""));
  }

  /** On both servers, the one first that clients are led to. */
  PairRecord write(PairRecord record) {
    write(grips.required(record.to()), record);
    write(grips.required(record.from()), record);
    return record;
  }

  /**
   * On a fenced server that is to be opened at once: of its fence only what stops us is left off.
   */
  PairRecord writeOpening(Grip grip, PairRecord record) {
    grip.unloggedOpening(session -> PairTable.write(session, record));
    written++;
    writes.accept(written);
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
