package dev.halcyon.rollout;

import dev.halcyon.progress.Figures;
import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What tells whether the new version does well. */
public sealed interface Watch {
  /** In a few words. */
  String describe();

  /**
   * The balancer's counters of the new version's servers.
   *
   * @param window how far back they are looked at
   * @param samples so many answers are needed to judge
   * @param errors the largest part of them that may fail, 0.01 for 1 %; null: any
   * @param latency the longest mean time; null: any
   */
  record Counted(Duration window, long samples, @Nullable Double errors, @Nullable Duration latency)
      implements Watch {
    @Override
    public String describe() {
      return "of at least %s in %s: %s%s"
          .formatted(
              Figures.count(samples, "answer"),
              Figures.duration(window),
              errors == null ? "" : "at most " + percent(errors) + " failed",
              latency == null
                  ? ""
                  : (errors == null ? "" : ", ") + "mean at most " + Figures.duration(latency));
    }

    static String percent(double part) {
      return BigDecimal.valueOf(Math.round(part * 10_000), 2).stripTrailingZeros().toPlainString()
          + " %";
    }
  }

  /** A query whose single number may not exceed a bound. */
  record Sql(String query, BigDecimal most) implements Watch {
    @Override
    public String describe() {
      return "at most " + most.toPlainString() + ": " + query;
    }
  }

  /** A command that ends with 0 as long as all is well. */
  record Command(String line) implements Watch {
    @Override
    public String describe() {
      return "ends with 0: " + line;
    }
  }
}
