package dev.halcyon.proxy;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * Traffic whose holds and releases somebody watches.
 *
 * @param holding is given each hold, and runs it
 * @param renewing runs before each renewal: clients stand still then
 * @param released runs before each release
 */
public record ObservedTraffic(
    Traffic inner, Consumer<Runnable> holding, Runnable renewing, Runnable released)
    implements Traffic {

  @Override
  public void hold(Duration lease) {
    holding.accept(() -> inner.hold(lease));
  }

  @Override
  public void renew(Duration lease) {
    renewing.run();
    inner.renew(lease);
  }

  @Override
  public void release() {
    released.run();
    inner.release();
  }

  @Override
  public Status status() {
    return inner.status();
  }

  @Override
  public boolean awaitDrained(Duration patience) throws InterruptedException {
    return inner.awaitDrained(patience);
  }

  @Override
  public boolean closeStragglers(Duration patience) throws InterruptedException {
    return inner.closeStragglers(patience);
  }

  @Override
  public Moves prepare(String server, Duration patience) throws InterruptedException {
    return inner.prepare(server, patience);
  }

  @Override
  public void forget() {
    inner.forget();
  }

  @Override
  public Moves repoint(String server, Immovable policy, Duration patience)
      throws InterruptedException {
    return inner.repoint(server, policy, patience);
  }
}
