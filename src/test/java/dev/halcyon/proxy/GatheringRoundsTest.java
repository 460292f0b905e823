package dev.halcyon.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A gathering of two shards ends when nothing lasts in both at the same time. */
class GatheringRoundsTest {
  private final List<Consumer<Boolean>> asked = new ArrayList<>();
  private final AtomicInteger over = new AtomicInteger();

  private final Gathering gathering =
      new Gathering(
          System::nanoTime,
          new Gathering.Ground() {
            @Override
            public int shards() {
              return 2;
            }

            @Override
            public void ask(Consumer<Boolean> answer) {
              asked.add(answer);
            }
          },
          over::incrementAndGet);

  @Test
  void endsAtOnceIfNothingLasts() {
    begin();
    asked.getFirst().accept(true);
    assertThat(gathering.goesOn()).isTrue();
    asked.getFirst().accept(true);
    assertEnded();
    assertThat(asked).hasSize(1);
  }

  /** The shard that was calm first may have begun something that lasts since. */
  @Test
  void asksAgainIfOneHadToBeWaitedFor() {
    begin();
    asked.getFirst().accept(true);
    asked.getFirst().accept(false);
    assertThat(gathering.goesOn()).isTrue();
    assertThat(asked).hasSize(2);
    asked.get(1).accept(true);
    asked.get(1).accept(true);
    assertEnded();
  }

  @Test
  void hearsNoAnswerToAQuestionOfBefore() {
    begin();
    asked.getFirst().accept(true);
    gathering.end();
    begin();
    asked.getFirst().accept(true);
    asked.get(1).accept(true);
    assertThat(gathering.goesOn()).isTrue();
    assertThat(over).hasValue(0);
    asked.get(1).accept(true);
    assertEnded();
  }

  private void begin() {
    gathering.begin();
    gathering.ask();
  }

  private void assertEnded() {
    assertThat(gathering.goesOn()).isFalse();
    assertThat(over).hasValue(1);
  }
}
