package dev.halcyon.demo;

import dev.halcyon.progress.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/** Counts what the clients see, act by act. Thread-safe, but for one thread that turns the acts. */
final class Tally {
  private static final int WORDS_KEPT = 10;

  private final List<Counters> acts = new ArrayList<>();
  private final ConcurrentLinkedQueue<String> words = new ConcurrentLinkedQueue<>();
  private final AtomicInteger wordsKept = new AtomicInteger();
  private final Set<String> lost = ConcurrentHashMap.newKeySet();
  private volatile Counters current = new Counters("before");

  /** What happened in one act. A statement belongs to the act in which it began. */
  static final class Counters {
    private final String act;
    private final long begunNanos = System.nanoTime();
    private volatile long endedNanos;
    private final LongAdder statements = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder mismatches = new LongAdder();
    private final LongAdder deadlocks = new LongAdder();
    private final LongAccumulator longestNanos = new LongAccumulator(Math::max, 0);

    private Counters(String act) {
      this.act = act;
    }

    void statement(long nanos) {
      statements.increment();
      longestNanos.accumulate(nanos);
    }

    private Event.ActFinished sum() {
      return new Event.ActFinished(
          act,
          Duration.ofNanos(endedNanos - begunNanos),
          statements.sum(),
          failed.sum(),
          mismatches.sum(),
          deadlocks.sum(),
          Duration.ofNanos(longestNanos.get()));
    }
  }

  Counters current() {
    return current;
  }

  /** From now on statements belong to this act. */
  void begin(String act) {
    current = new Counters(act);
    acts.add(current);
  }

  /** The act is over, but for what is on its way just now. */
  Event.ActFinished end() {
    current.endedNanos = System.nanoTime();
    return current.sum();
  }

  /** Every act that has ended, in order, with its last statements. */
  List<Event.ActFinished> finished() {
    return acts.stream().filter(act -> act.endedNanos != 0).map(Counters::sum).toList();
  }

  /** A statement failed for good. */
  void failed(String what) {
    current.failed.increment();
    keep(what);
  }

  /** A transaction was the victim of a deadlock and is tried again. */
  void deadlock() {
    current.deadlocks.increment();
  }

  /** What a client's read has shown: one mismatch, however much is wrong about it. */
  void read(List<Doubt> doubts) {
    if (!doubts.isEmpty()) {
      mismatch(doubts.getFirst().toString());
    }
  }

  void mismatch(String what) {
    current.mismatches.increment();
    keep(what);
  }

  /**
   * What a look at every user has shown. What is lost is counted once, however often it is seen.
   */
  void audit(List<Doubt> doubts) {
    for (var doubt : doubts) {
      switch (doubt.kind()) {
        case LOST -> {
          if (lost.add(doubt.place())) {
            keep("lost: " + doubt);
          }
        }
        case DIFFERS, STRANGE -> mismatch(doubt.toString());
      }
    }
  }

  long lost() {
    return lost.size();
  }

  /** The first few things that went wrong. */
  List<String> words() {
    return List.copyOf(words);
  }

  private void keep(String what) {
    if (wordsKept.incrementAndGet() <= WORDS_KEPT) {
      words.add(what);
    }
  }
}
