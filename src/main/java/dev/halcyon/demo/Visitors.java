package dev.halcyon.demo;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Users of a web application, each with a connection of its own that is kept alive. They ask at a
 * steady pace from the beginning to {@link #close}. Thread-safe.
 */
public final class Visitors implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int WORDS = 5;

  /** What one user does, time after time. For one thread. */
  public interface Habit {
    HttpRequest next(Random random);

    /** What is wrong with the answer to the last request; empty if nothing is. */
    Optional<String> complaint(HttpResponse<String> answer);
  }

  /**
   * What they have seen since the last time.
   *
   * @param failed no answer, or one that says so
   * @param wrong answers that are not what they should be
   * @param words the first few things that went wrong
   */
  public record Seen(long requests, long failed, long wrong, Duration longest, List<String> words) {
    public Seen {
      words = List.copyOf(words);
    }
  }

  private final Duration pace;
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean ended;

  /** The following are guarded by this. */
  private final List<String> words = new ArrayList<>();

  private long requests;
  private long failed;
  private long wrong;
  private long longest;

  private Visitors(Duration pace) {
    this.pace = pace;
  }

  /**
   * @param pace of each, from one request to the next
   */
  public static Visitors start(int users, Duration pace, long seed, Supplier<Habit> habits) {
    var visitors = new Visitors(pace);
    for (int i = 0; i < users; i++) {
      var habit = habits.get();
      var random = new Random(seed + i);
      visitors.threads.add(
          Thread.ofPlatform()
              .daemon()
              .name("halcyon-visitor-" + i)
              .start(() -> visitors.visit(habit, random)));
    }
    return visitors;
  }

  /** What they have seen since they were asked last. */
  public synchronized Seen take() {
    var seen = new Seen(requests, failed, wrong, Duration.ofNanos(longest), words);
    requests = 0;
    failed = 0;
    wrong = 0;
    longest = 0;
    words.clear();
    return seen;
  }

  /** Waits until so many more requests have been answered. */
  public synchronized void awaitRequests(long more) {
    long wanted = requests + more;
    try {
      while (requests < wanted) {
        wait();
      }
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    ended = true;
    for (var thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException interruption) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void visit(Habit habit, Random random) {
    try (var client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build()) {
      while (!ended) {
        long begun = System.nanoTime();
        once(client, habit, random);
        long left = pace.toNanos() - (System.nanoTime() - begun);
        if (left > 0) {
          TimeUnit.NANOSECONDS.sleep(left);
        }
      }
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
    }
  }

  private void once(HttpClient client, Habit habit, Random random) throws InterruptedException {
    var request = habit.next(random);
    long begun = System.nanoTime();
    try {
      var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      long took = System.nanoTime() - begun;
      if (answer.statusCode() >= 400) {
        add(took, true, false, request.method() + " " + request.uri() + ": " + answer.statusCode());
      } else {
        var complaint = habit.complaint(answer);
        add(took, false, complaint.isPresent(), complaint.orElse(""));
      }
    } catch (IOException failure) {
      add(
          System.nanoTime() - begun,
          true,
          false,
          request.method() + " " + request.uri() + ": " + failure);
    }
  }

  private synchronized void add(long took, boolean fails, boolean isWrong, String word) {
    requests++;
    notifyAll();
    failed += fails ? 1 : 0;
    wrong += isWrong ? 1 : 0;
    longest = Math.max(longest, took);
    if ((fails || isWrong) && words.size() < WORDS) {
      words.add(word);
    }
  }
}
