package dev.halcyon.rebuild;

import java.time.Duration;

/** An order to a rebuild under way. */
public sealed interface Control {
  /** Copies and compares nothing; changes are still taken along. */
  record Pause() implements Control {}

  record Resume() implements Control {}

  /** Does everything but the cut-over, and compares the tables again and again meanwhile. */
  record Postpone() implements Control {}

  /** Ends a pause and a postponement. */
  record CutOverNow() implements Control {}

  /** The run ends at its next safe point. */
  record Stop() implements Control {}

  /** How long a chunk shall take. */
  record ChunkTime(Duration time) implements Control {
    public ChunkTime {
      if (time.toMillis() < 1) {
        throw new IllegalArgumentException("a chunk takes a millisecond at least");
      }
    }
  }

  /** How many connections copy and compare side by side. */
  record Workers(int number) implements Control {
    /** More only take turns. */
    private static final int MOST = 64;

    public Workers {
      if (number < 1 || number > MOST) {
        throw new IllegalArgumentException("workers are 1 to " + MOST);
      }
    }
  }

  /** Changes nothing. */
  record Status() implements Control {}

  /**
   * @param text as it is typed: {@code pause}, {@code chunk-time=50ms}
   * @throws IllegalArgumentException for anything else
   */
  static Control parse(String text) {
    if (text.matches("chunk-time=\\d{1,6}(ms|s)")) {
      var number = Long.parseLong(text.replaceAll("\\D", ""));
      return new ChunkTime(
          text.endsWith("ms") ? Duration.ofMillis(number) : Duration.ofSeconds(number));
    }
    if (text.matches("workers=\\d{1,3}")) {
      return new Workers(Integer.parseInt(text.replaceAll("\\D", "")));
    }
    return switch (text) {
      case "pause" -> new Pause();
      case "resume" -> new Resume();
      case "postpone" -> new Postpone();
      case "cut-over" -> new CutOverNow();
      case "stop" -> new Stop();
      case "status" -> new Status();
      default ->
          throw new IllegalArgumentException(
              "'"
                  + text
                  + "' is not status, pause, resume, postpone, cut-over, stop, chunk-time=100ms or workers=4");
    };
  }
}
