package dev.halcyon.cli;

import dev.halcyon.progress.Event;
import dev.halcyon.progress.Events;
import dev.halcyon.progress.Figures;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Events as text for people. On a terminal the last line is a bar that is drawn over; elsewhere
 * each step is a plain line, and a long step says every half a minute how far it is. Thread-safe.
 */
final class Progress implements Events {
  private static final Duration REDRAW = Duration.ofMillis(100);
  private static final Duration REPEAT = Duration.ofSeconds(30);
  private static final int BAR = 20;

  private final Console console;
  private final Map<String, String> titles = new HashMap<>();
  private @Nullable Rate rate;
  private String barStep = "";
  private String phase = "";
  private String lastWait = "";
  private int drawn;
  private long shownNanos;

  Progress(Console console) {
    this.console = console;
  }

  @Override
  public synchronized void on(Event event) {
    switch (event) {
      case Event.PhaseStarted(var version, var name, var steps) -> {
        phase = name;
        line(name(version) + " " + name + ": " + Figures.count(steps, "step"));
      }
      case Event.PhaseFinished(var version, var name, var took) ->
          line(name(version) + " " + name + ": done in " + Figures.duration(took));
      case Event.StepStarted(var version, var step, var title, var total) -> {
        titles.put(step, title);
        lastWait = "";
        rate = null;
        overwrite("  " + step + "  " + title);
      }
      case Event.StepAdvanced(var version, var step, var done, var total) ->
          advance(step, done, total);
      case Event.StepFinished(var version, var step, var skipped, var took) ->
          line(
              "  "
                  + step
                  + "  "
                  + titles.getOrDefault(step, "")
                  + ": "
                  + (skipped ? "already so" : "done in " + Figures.duration(took)));
      case Event.Waiting(var version, var step, var reason) -> waiting(step, reason);
      case Event.Note(var text) -> line("  note: " + text);
      case Event.ActStarted(var act, var title) -> line("\n" + act + ": " + title);
      case Event.ActFinished act -> line("  " + traffic(act));
    }
  }

  /** Ends a half-drawn line, before something else is printed. */
  synchronized void close() {
    erase();
    console.err().flush();
  }

  private void waiting(String step, String reason) {
    String text = "  " + (step.isEmpty() ? "" : step + "  ") + "waiting: " + reason;
    if (console.isTerminal()) {
      overwrite(text);
    } else if (!text.equals(lastWait)) {
      line(text);
    }
    lastWait = text;
  }

  private void advance(String step, long done, long total) {
    long now = System.nanoTime();
    Rate current = rate;
    if (current == null || !barStep.equals(step)) {
      current = new Rate(now, done);
      rate = current;
      barStep = step;
      shownNanos = console.isTerminal() ? now - REDRAW.toNanos() : now;
    }
    current.advance(now, done);
    Duration pause = console.isTerminal() ? REDRAW : REPEAT;
    if (now - shownNanos < pause.toNanos()) {
      return;
    }
    shownNanos = now;
    String text = bar(step, current, done, total);
    if (console.isTerminal()) {
      overwrite(text);
    } else {
      line(text);
    }
  }

  /** {@code expand.3 backfill [#####---------------] 25% 500,000/2,000,000 rows …}. */
  private String bar(String step, Rate current, long done, long total) {
    var figures = new StringBuilder("  ");
    if (total > 0) {
      double part = Math.min(1, (double) done / total);
      int filled = (int) (part * BAR);
      figures.append('[').append("#".repeat(filled)).append("-".repeat(BAR - filled)).append("] ");
      figures.append(String.format(Locale.ROOT, "%3.0f%%  ", Math.floor(part * 100)));
      figures
          .append(Figures.count(done))
          .append('/')
          .append(Figures.count(total))
          .append(" rows  ");
    } else {
      figures.append(Figures.count(done, "row")).append("  ");
    }
    figures.append(
        current
            .perSecond()
            .map(rows -> Figures.count(rows) + " rows/s" + eta(current, total))
            .orElse("measuring"));
    return fitting("  " + step + "  " + titles.getOrDefault(step, phase), figures.length())
        + figures;
  }

  /** On a narrow terminal the title gives way to the figures. */
  private String fitting(String title, int figures) {
    int room = console.columns() - 1 - figures;
    return console.isTerminal() && title.length() > room
        ? title.substring(0, Math.max(0, room))
        : title;
  }

  private static String eta(Rate current, long total) {
    return current.remaining(total).map(left -> "  ETA " + Figures.duration(left)).orElse("");
  }

  private static String traffic(Event.ActFinished act) {
    return "%s in %s, %s a second: %s failed, %s, %s retried, longest stall %s"
        .formatted(
            Figures.count(act.statements(), "statement"),
            Figures.duration(act.took()),
            Figures.count(act.perSecond()),
            Figures.count(act.failed()),
            Figures.count(act.mismatches()) + (act.mismatches() == 1 ? " mismatch" : " mismatches"),
            Figures.count(act.deadlocksRetried(), "deadlock"),
            Figures.duration(act.longestStall()));
  }

  private static String name(String version) {
    return version.startsWith("V") || version.startsWith("R") ? version : "V" + version;
  }

  /** A line that stays. */
  private void line(String text) {
    erase();
    console.err().println(text);
  }

  /** A line that the next one takes the place of; only a terminal has such lines. */
  private void overwrite(String text) {
    if (!console.isTerminal()) {
      return;
    }
    String fitting = text.substring(0, Math.min(text.length(), console.columns() - 1));
    console.err().print("\r" + fitting + " ".repeat(Math.max(0, drawn - fitting.length())));
    console.err().flush();
    drawn = fitting.length();
  }

  private void erase() {
    if (drawn > 0) {
      console.err().print("\r" + " ".repeat(drawn) + "\r");
      drawn = 0;
    }
  }
}
