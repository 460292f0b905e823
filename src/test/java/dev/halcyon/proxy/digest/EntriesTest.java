package dev.halcyon.proxy.digest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.proxy.digest.Digest.Reading;
import dev.halcyon.proxy.digest.Entry.Text;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Those that were not seen for the longest go first, and nothing else goes. */
class EntriesTest {
  private static final int MOST = 700;
  private static final Origin ORIGIN = new Origin("user", Optional.of("shop"));

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void findsWhatAnOrderedMapFinds(long seed) {
    var random = new Random(seed);
    var entries = new Entries(MOST, Integer.MAX_VALUE);
    Map<Long, Entry> expected = new LinkedHashMap<>(16, 0.75f, true);
    long gone = 0;
    for (int round = 0; round < 50_000; round++) {
      // Few low bits, so that many look for the same slot.
      long key = (long) random.nextInt(300) << 32 | random.nextInt(4);
      var known = expected.get(key);
      assertThat(entries.find(key)).isEqualTo(known);
      if (known != null) {
        entries.touch(known);
      } else {
        var entry = entry(key, "x");
        entries.add(entry);
        expected.put(key, entry);
        if (expected.size() > MOST) {
          var eldest = expected.entrySet().iterator().next();
          expected.remove(eldest.getKey());
          assertThat(entries.find(eldest.getKey())).isNull();
          assertThat(eldest.getValue().kept).isFalse();
          gone++;
        }
      }
      assertThat(entries.size()).isEqualTo(expected.size());
    }
    assertThat(gone).isPositive();
    assertThat(entries.lost()).isEqualTo(gone);
    assertThat(entries.figures()).hasSize(MOST);
  }

  @Test
  void textsAreBoundedToo() {
    var entries = new Entries(MOST, 1000);
    for (int i = 0; i < 20; i++) {
      entries.add(entry(i, "x".repeat(100)));
    }
    assertThat(entries.size()).isEqualTo(10);
    assertThat(entries.lost()).isEqualTo(10);
    assertThat(entries.find(19)).isNotNull();
    assertThat(entries.find(9)).isNull();
  }

  private static Entry entry(long key, String text) {
    return new Entry(key, new Text(text, Reading.WHOLE), ORIGIN, "host");
  }
}
