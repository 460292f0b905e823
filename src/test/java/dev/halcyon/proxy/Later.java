package dev.halcyon.proxy;

import java.util.concurrent.FutureTask;

/** What a client does while the test goes on. */
interface Later {
  void run() throws Exception;

  /** Begins it on a thread of its own. */
  static FutureTask<Boolean> later(Later work) {
    var task =
        new FutureTask<Boolean>(
            () -> {
              work.run();
              return true;
            });
    Thread.ofVirtual().start(task);
    return task;
  }
}
