package dev.halcyon.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.history.Anomaly.Kind;
import dev.halcyon.history.Transaction.Append;
import dev.halcyon.history.Transaction.Operation;
import dev.halcyon.history.Transaction.Outcome;
import dev.halcyon.history.Transaction.Read;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The check sees what it is there to see, and nothing in what is sound. */
class HistoryCheckTest {
  private static final int X = 1;
  private static final int Y = 2;

  private final List<Transaction> history = new ArrayList<>();

  @Test
  void oneAfterTheOtherIsSound() {
    committed(append(X, 1), read(X, 1L), append(X, 2), read(X, 1L, 2L));
    committed(read(X, 1L, 2L), append(Y, 3));
    add(Outcome.ABORTED, append(X, 4), read(X, 1L, 2L, 4L));
    add(Outcome.UNKNOWN, append(X, 5));
    add(Outcome.UNKNOWN, append(X, 6));
    committed(read(X, 1L, 2L, 5L));
    assertThat(kinds(Map.of(X, List.of(1L, 2L, 5L), Y, List.of(3L)))).isEmpty();
  }

  @Test
  void manyDrawnOneAfterTheOtherAreSound() {
    var random = new Random(13);
    var lists = new TreeMap<Integer, List<Long>>();
    long value = 0;
    for (int i = 0; i < 2000; i++) {
      var operations = new ArrayList<Operation>();
      for (int j = random.nextInt(4); j >= 0; j--) {
        int key = random.nextInt(20);
        var list = lists.computeIfAbsent(key, _ -> new ArrayList<>());
        if (random.nextBoolean()) {
          value++;
          list.add(value);
          operations.add(append(key, value));
        } else {
          operations.add(new Read(key, list));
        }
      }
      committed(operations.toArray(Operation[]::new));
    }
    assertThat(HistoryCheck.anomalies(history, lists)).isEmpty();
  }

  @Test
  void aValueThatNobodyHasAppended() {
    committed(read(X, 9L));
    assertThat(kinds(Map.of(X, List.of(9L)))).contains(Kind.UNHEARD_OF);
  }

  @Test
  void aValueThatIsThereTwice() {
    committed(append(X, 1));
    assertThat(kinds(Map.of(X, List.of(1L, 1L)))).contains(Kind.TWICE);
  }

  @Test
  void aValueThatWasRolledBack() {
    add(Outcome.ABORTED, append(X, 1));
    committed(read(X, 1L));
    assertThat(kinds(Map.of(X, List.of()))).contains(Kind.ABORTED_READ);
    assertThat(kinds(Map.of(X, List.of(1L)))).contains(Kind.ABORTED_READ);
  }

  @Test
  void aTransactionSeenHalfWay() {
    committed(append(X, 1), append(X, 2));
    committed(read(X, 1L));
    assertThat(kinds(Map.of(X, List.of(1L, 2L)))).contains(Kind.INTERMEDIATE_READ);
  }

  @Test
  void anAcknowledgedValueThatIsGone() {
    committed(append(X, 1));
    assertThat(kinds(Map.of(X, List.of()))).containsExactly(Kind.LOST_WRITE);
  }

  /** Both have seen the empty list and written theirs; the second has won. */
  @Test
  void aWriteThatUndoesAnother() {
    committed(append(X, 1), read(X, 1L));
    committed(append(X, 2), read(X, 2L));
    assertThat(kinds(Map.of(X, List.of(2L)))).contains(Kind.LOST_UPDATE, Kind.LOST_WRITE);
  }

  @Test
  void aListThatChangesWithinATransaction() {
    at(0, 10, append(X, 1));
    at(0, 10, read(X), read(X, 1L));
    assertThat(kinds(Map.of(X, List.of(1L)))).containsExactly(Kind.NON_REPEATABLE_READ);
  }

  @Test
  void aListWithoutTheReadersOwnValue() {
    at(0, 10, append(X, 1));
    at(0, 10, append(X, 2), read(X, 1L));
    assertThat(kinds(Map.of(X, List.of(1L, 2L)))).containsExactly(Kind.NON_REPEATABLE_READ);
  }

  /** As from a server that lacks what was acknowledged at the other one. */
  @Test
  void aValueThatWasAcknowledgedBeforeAndIsNotSeen() {
    committed(append(X, 1));
    committed(append(X, 2));
    committed(read(X, 1L));
    assertThat(kinds(Map.of(X, List.of(1L, 2L)))).containsExactly(Kind.STALE_READ);
  }

  /** Each list has them the other way round: G0. */
  @Test
  void writesThatCrossEachOther() {
    at(0, 10, append(X, 1), append(Y, 2));
    at(0, 10, append(X, 3), append(Y, 4));
    assertThat(kinds(Map.of(X, List.of(1L, 3L), Y, List.of(4L, 2L)))).contains(Kind.WRITE_CYCLE);
  }

  /** Each has seen what the other one wrote: G1c. */
  @Test
  void transactionsThatSeeEachOther() {
    at(0, 10, append(X, 1), read(Y, 2L));
    at(0, 10, append(Y, 2), read(X, 1L));
    assertThat(kinds(Map.of(X, List.of(1L), Y, List.of(2L)))).contains(Kind.WRITE_CYCLE);
  }

  /** Neither has seen what the other one wrote: write skew. */
  @Test
  void transactionsThatMissEachOther() {
    at(0, 10, read(Y), append(X, 1));
    at(0, 10, read(X), append(Y, 2));
    assertThat(kinds(Map.of(X, List.of(1L), Y, List.of(2L)))).containsExactly(Kind.READ_CYCLE);
  }

  /** The whole of what a second writable server does: both took writes, and one side is kept. */
  @Test
  void twoWritableServersShow() {
    var random = new Random(7);
    var sides = List.of(new HashMap<Integer, List<Long>>(), new HashMap<Integer, List<Long>>());
    for (long value = 1; value <= 200; value++) {
      int key = random.nextInt(5);
      var list = sides.get(random.nextInt(2)).computeIfAbsent(key, _ -> new ArrayList<>());
      list.add(value);
      committed(append(key, value), new Read(key, list));
    }
    assertThat(kinds(sides.getFirst())).contains(Kind.LOST_UPDATE, Kind.LOST_WRITE);
  }

  private List<Kind> kinds(Map<Integer, List<Long>> lists) {
    return HistoryCheck.anomalies(history, lists).stream().map(Anomaly::kind).distinct().toList();
  }

  private static Append append(int key, long value) {
    return new Append(key, value);
  }

  private static Read read(int key, Long... values) {
    return new Read(key, List.of(values));
  }

  /** After all the others. */
  private void committed(Operation... operations) {
    add(Outcome.COMMITTED, operations);
  }

  private void add(Outcome outcome, Operation... operations) {
    int number = history.size();
    history.add(
        new Transaction(number, 10L * number, 10L * number + 5, outcome, List.of(operations)));
  }

  private void at(long began, long ended, Operation... operations) {
    history.add(
        new Transaction(history.size(), began, ended, Outcome.COMMITTED, List.of(operations)));
  }
}
