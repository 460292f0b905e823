package dev.halcyon.rebuild;

import dev.halcyon.mysql.ServerIdentity;
import dev.halcyon.progress.Figures;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A rebuild that has begun and not ended.
 *
 * @param phase what it does or did last: {@code copy}, {@code index}, {@code verify}, {@code
 *     cut-over}
 * @param rows copied, {@code total} by the server's estimate
 * @param running since the rebuild began, pauses and interruptions included
 * @param quiet since it last wrote its state
 * @param server where it works, and whose writes it follows; null before it has begun to copy
 * @param orders what it was told, in words; empty for nothing
 */
public record UnderWay(
    String table,
    String statement,
    String phase,
    long rows,
    long total,
    Duration running,
    Duration quiet,
    @Nullable ServerIdentity server,
    String orders) {

  /** One line for people. */
  public String text() {
    var text = new StringBuilder();
    text.append(table).append(": ").append(phase.isEmpty() ? "begun" : phase);
    text.append(", ").append(Figures.count(rows, "row")).append(" of about ");
    text.append(Figures.count(Math.max(rows, total))).append(" copied in ");
    text.append(Figures.duration(running)).append(rate()).append("; last sign of life ");
    text.append(Figures.duration(quiet)).append(" ago");
    text.append(server == null ? "" : "; at " + server.text());
    text.append(orders.isEmpty() ? "" : "; " + orders).append("; ").append(statement);
    return text.toString();
  }

  /** Of the whole time, so it errs to the slow side after a pause. */
  private String rate() {
    var seconds = running.toMillis() / 1000.0;
    if (!phase.equals(CopyPhase.STEP) || rows == 0 || seconds < 1) {
      return "";
    }
    var left = Duration.ofSeconds((long) (Math.max(0, total - rows) * seconds / rows));
    return " (%s rows a second, the copy ends in about %s)"
        .formatted(Figures.count((long) (rows / seconds)), Figures.duration(left));
  }
}
