package dev.halcyon.proxy;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** One of the threads that move bytes. */
final class ProxyLoop {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);

  private final Loops loops;
  private final EventLoop thread;

  ProxyLoop(Loops loops, EventLoop thread) {
    this.loops = loops;
    this.thread = thread;
  }

  EventLoop thread() {
    return thread;
  }

  Executor workers() {
    return loops.workers();
  }

  /** What is to be connected; {@code handlers} gives the connection its handlers. */
  Bootstrap connecting(Consumer<Channel> handlers) {
    return loops
        .connecting(handlers)
        .group(thread)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) CONNECT_LIMIT.toMillis());
  }

  /** On the loop, from any other thread. */
  void run(Runnable task) {
    call(
        () -> {
          task.run();
          return true;
        });
  }

  /** On the loop, from any thread but a loop; throws what the task throws. */
  <T> T call(Callable<T> task) {
    return outcome(thread.submit(task));
  }

  /** Waits for it; throws what the task has thrown. */
  static <T> T outcome(Future<T> task) {
    var future = task.awaitUninterruptibly();
    if (future.cause() instanceof RuntimeException failure) {
      throw failure;
    }
    if (!future.isSuccess()) {
      throw new IllegalStateException("The proxy has failed", future.cause());
    }
    return future.getNow();
  }
}
